"""The chip of passports and residence documents (ICAO 9303): access, secure messaging, reading, clone checks."""
