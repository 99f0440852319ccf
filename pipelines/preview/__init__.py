"""Previews of results: rows of a table, its profile, and exported files. Plain Python over stored tables."""
