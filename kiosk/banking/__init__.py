"""Account services and intake of partner banks: facts, commands, and the hands that carry them out."""
