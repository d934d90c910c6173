"""Devices of a branch: what is asked of each kind, one driver per file, and the supervisor."""
