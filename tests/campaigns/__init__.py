"""The long campaigns: a core that is killed, devices that fail, intents that nobody expects."""
