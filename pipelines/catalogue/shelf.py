"""A shelf of the palette: a folder of modules with a title, a position and a hue."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shelf:
    """Declared as SHELF in the folder's `__init__.py`; `id` is the folder's name, `hue` in degrees."""

    title: str
    order: float
    hue: int
    id: str = ""
