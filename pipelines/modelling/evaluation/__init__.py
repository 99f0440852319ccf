"""What modules of several shelves compute with."""
