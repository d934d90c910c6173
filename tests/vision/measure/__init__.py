"""Tests of the measurer at the command line."""
