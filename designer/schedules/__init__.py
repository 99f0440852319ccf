"""Schedules and triggers: runs that start at planned times or after events, and notices of how they ended."""
