"""Learners that find groups of similar rows."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Clustering", order=6.3, hue=255)
