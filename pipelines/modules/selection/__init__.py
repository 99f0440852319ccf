"""Which columns count, and fewer columns that say nearly the same."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Feature Selection", order=4, hue=312)
