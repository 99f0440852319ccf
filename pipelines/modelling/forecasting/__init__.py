"""Forecasting: many series as one matrix, methods that continue them, rolling origins, intervals and reconciliation."""
