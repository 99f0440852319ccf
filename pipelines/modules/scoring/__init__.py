"""Models and tables in, predictions out."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Scoring", order=8, hue=60)
