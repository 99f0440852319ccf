"""Learners that find unusual rows."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Anomaly Detection", order=6.6, hue=10)
