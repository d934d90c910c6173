"""The contract suite of every kind of device: rules run against a driver and whatever is at the other end."""
