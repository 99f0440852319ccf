"""Learners that predict a number."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Regression", order=5, hue=30)
