"""A shelf of steps that do nothing, take long, fail, die, or leave a mark."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Trial", order=99, hue=0)
