"""Packages of modules: Easel's own, and those named in EASEL_MODULES."""

from __future__ import annotations

import os
import pkgutil
from types import ModuleType


def further_packages() -> list[str]:
    """Return the packages named in EASEL_MODULES (comma-separated): shelves of modules, and port kinds in the folder `kinds`."""
    return [name.strip() for name in os.environ.get("EASEL_MODULES", "").split(",") if name.strip()]


def names_in(package: ModuleType) -> list[str]:
    """Return the names of a package's files and folders, without those that begin with `_`."""
    return sorted(info.name for info in pkgutil.iter_modules(package.__path__) if not info.name.startswith("_"))
