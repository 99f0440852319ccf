"""Real-time endpoints: scoring graphs published under a name, in versions, with keys."""
