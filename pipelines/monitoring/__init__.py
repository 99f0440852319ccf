"""Stage 6, monitoring: rows that arrive at a published version are counted into the bins of a reference, and judged window by window."""
