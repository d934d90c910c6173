"""The screen process: renders the view it is sent, sends back intents, owns nothing."""
