"""Figures of the guard as a process: camera health, latency with a clock in the picture, processor time, memory."""
