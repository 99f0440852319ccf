"""Browser tests: the product as a person meets it."""
