"""Learners that predict a number."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Regression", order=3, hue=30)
