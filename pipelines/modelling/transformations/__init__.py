"""Fitted transformations of several shelves, one file each; Apply Transformation imports them."""
