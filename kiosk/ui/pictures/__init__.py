"""The pictures: icons drawn by hand on a 96 grid, scenes made by `python -m kiosk.ui.pictures`. No Qt."""
