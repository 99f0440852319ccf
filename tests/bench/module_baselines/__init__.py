"""What a data scientist writes by hand for the same job as a module: one file a shelf, found by being there."""
