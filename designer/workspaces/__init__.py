"""Accounts, workspaces, roles and tokens."""
