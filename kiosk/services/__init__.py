"""One folder per service; menu.py lists them, so that importing one flow loads no other."""
