"""Images in, changed or split images out."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Computer Vision", order=12, hue=293)
