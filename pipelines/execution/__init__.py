"""Stage 4, doing it: what may start, how a step is carried out, its cache key, and where results are kept."""
