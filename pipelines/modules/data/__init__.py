"""Where tables come from."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Data", order=1, hue=235)
