"""Time series in, their future values out."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Forecasting", order=6.8, hue=182)
