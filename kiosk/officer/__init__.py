"""The officer on call: facts, commands, and the hands that place calls and believe answers."""
