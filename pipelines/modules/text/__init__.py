"""Texts in, words, numbers and topics out."""

from pipelines.catalogue.shelf import Shelf

SHELF = Shelf("Text Analytics", order=11, hue=85)
