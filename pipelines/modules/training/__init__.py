"""Learners and tables in, models out."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Training", order=7, hue=275)
