"""A workspace's store: usage and cleanup."""
