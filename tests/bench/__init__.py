"""Benchmarks against named baselines, all in one run: `make bench` prints one JSON object."""
