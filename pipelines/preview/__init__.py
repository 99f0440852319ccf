"""Looking into results: rows of a table, its profile, and files to take away. Plain Python over kept tables."""
