"""A port kind that Easel does not have: whatever is one file there is one file here."""
