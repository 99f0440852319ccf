"""What a table's columns are like, and how they depend on each other."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Statistics", order=3, hue=138)
