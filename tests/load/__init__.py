"""Load and abuse of a running installation."""
