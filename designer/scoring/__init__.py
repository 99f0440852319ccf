"""Scoring graphs of runs: what a training graph becomes for new rows, the proof of parity, and the graph as a pipeline."""
