"""A workspace's store: what it holds, and cleaning it."""
