"""The bench: a peer at the other end of every wire of a branch, in a process of its own."""
