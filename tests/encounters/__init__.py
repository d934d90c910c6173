"""Seeded encounters of people with trucks, and the guard scored on them; a simulator, and it says so."""
