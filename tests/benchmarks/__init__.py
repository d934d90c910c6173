"""The figures of speed and size, measured on whatever machine this is and printed; nothing is asserted."""
