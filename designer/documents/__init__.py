"""Pipelines on the canvas: drafts, versions, sharing."""
