"""Starting, stopping and watching runs."""
