"""Learners and tables in, models out."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Training", order=5, hue=275)
