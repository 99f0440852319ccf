"""Tables in, tables out."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Transform", order=2, hue=165)
