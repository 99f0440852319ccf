"""The engine: what happens to a graph. Folders here think in plain Python; the files beside them wire the thinking to Django."""
