"""Text columns read as what they hold: types, dates and missing-value words. Used for uploads and for data typed into a module."""
