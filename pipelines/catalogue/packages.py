"""Packages whose files are found by being there: shelves and modules, port kinds, families and tasks of learners."""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Iterator
from types import ModuleType


def further_packages() -> list[str]:
    """Return the packages named in EASEL_MODULES (comma-separated): shelves of modules, and port kinds in the folder `kinds`."""
    return [name.strip() for name in os.environ.get("EASEL_MODULES", "").split(",") if name.strip()]


def submodules(package: str, only: str = "") -> Iterator[tuple[str, ModuleType]]:
    """Import the files and folders of a package, or one of them, by name; names that start with an underscore are shared code."""
    for name in sorted(info.name for info in pkgutil.iter_modules(importlib.import_module(package).__path__)):
        if not name.startswith("_") and only in ("", name):
            yield name, importlib.import_module(f"{package}.{name}")
