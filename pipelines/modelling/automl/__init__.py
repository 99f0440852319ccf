"""The search for the best model of a table: where it starts, what it tries next, and how models are blended. Pure functions of what is known."""
