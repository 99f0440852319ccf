"""The canvas page, sign-in, health and metrics."""
