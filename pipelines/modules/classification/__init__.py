"""Learners that predict a class."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Classification", order=6, hue=350)
