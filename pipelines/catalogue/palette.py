"""The palette: the catalogue as JSON for the canvas."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.kind import kinds


def palette() -> dict[str, Any]:
    """Return the port kinds, the shelves in order, and all modules with ports and settings, as JSON data."""
    modules = sorted(catalogue().modules.values(), key=lambda module: (module.shelf.order, module.title))
    shelves = {module.shelf.id: module.shelf for module in modules}
    return {
        "kinds": [kind.as_json() for kind in kinds().values()],
        "shelves": [{"id": shelf.id, "title": shelf.title, "hue": shelf.hue} for shelf in shelves.values()],
        "modules": [module.as_json() for module in modules],
    }
