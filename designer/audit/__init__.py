"""Who did what, from where, and whether it was allowed."""
