"""Lineage: where a result comes from and what depends on it."""
