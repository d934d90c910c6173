"""What a dock is drawn of: solids, people, vehicles, clutter, the room and the rasteriser."""
