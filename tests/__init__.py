"""Tests mirror the packages; stories walk one customer through the whole branch."""
