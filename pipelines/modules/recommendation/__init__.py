"""What users may like, learned from their ratings."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Recommendation", order=9.5, hue=331)
