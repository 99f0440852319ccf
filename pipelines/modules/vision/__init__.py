"""Images in, what they show out."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Computer Vision", order=12, hue=218)
