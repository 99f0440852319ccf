"""Pipelines on the canvas: drafts, versions, live editing."""
