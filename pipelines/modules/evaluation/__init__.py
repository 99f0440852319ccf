"""Predictions in, reports out."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Evaluation", order=9, hue=110)
