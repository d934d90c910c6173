"""Tests of vision: drawn tables in, answers out."""
