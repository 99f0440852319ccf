"""User code, executed in a sandbox or a container."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Scripts", order=10, hue=200)
