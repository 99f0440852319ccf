"""Type inference for text columns: types, dates and missing-value words, for uploads and for data entered in a module."""
