"""One model for each group of rows: the partition of a table, and what models of groups share."""
