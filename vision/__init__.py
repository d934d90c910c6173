"""What the branch sees: cameras, drawn scenes, the parcel measurer; imports nothing of the storeys above."""
