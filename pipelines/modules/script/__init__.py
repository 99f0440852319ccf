"""People's own code, carried out between walls."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Scripts", order=8, hue=302)
