"""Stage 1, what was drawn: the graph, its JSON and its shape."""
