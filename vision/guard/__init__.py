"""The guard of one floor: tracks in metres, predicted risk, camera health; a warning and evidence aid."""
