"""Evaluation of scored tables: reading them, intervals, curves, charts."""
