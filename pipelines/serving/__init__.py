"""Stage 5, serving: the training graph of a run becomes a scoring graph, a self-contained bundle, and a scorer of rows."""
