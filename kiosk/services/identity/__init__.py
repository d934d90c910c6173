"""Showing an ID: the shared steps (kiosk/identification) on their own, and the check for a commissioning authority."""
