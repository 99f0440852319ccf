"""People, workspaces, roles and tokens."""
