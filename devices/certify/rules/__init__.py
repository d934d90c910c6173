"""The rules, one file per kind of device; `general` holds those of every kind."""
