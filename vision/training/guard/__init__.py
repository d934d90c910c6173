"""The guard's detector: its net, its pictures, how it is trained, exported and scored."""
