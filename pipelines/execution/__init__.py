"""Stage 4, execution: scheduling, executing a step, its cache key, and the artifact store."""
