"""Showing a document: facts, commands, the steps that every service shares, and the hands that carry them out."""
