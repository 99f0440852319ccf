"""Database migrations of the engine."""
