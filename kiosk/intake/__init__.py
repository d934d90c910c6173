"""Taking an application at the counter: facts, commands, and the hands that photograph, seal and remember holds."""
