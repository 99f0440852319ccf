"""Discovery of the files of a package."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType


def submodules(package: str) -> Iterator[ModuleType]:
    """Import the modules of a package, by name; names that start with an underscore are shared code."""
    for name in sorted(info.name for info in pkgutil.iter_modules(importlib.import_module(package).__path__)):
        if not name.startswith("_"):
            yield importlib.import_module(f"{package}.{name}")
