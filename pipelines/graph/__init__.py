"""Stage 1, the graph: its model, its JSON format and its shape."""
