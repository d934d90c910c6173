"""The branch itself: facts, flow, desk, hands, journal, feed and, in ui alone, the screen."""
