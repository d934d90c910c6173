"""Training of the nets; needs the train environment and is never imported at run time."""
