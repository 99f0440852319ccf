"""Extras: optional families of modules, each with one requirements file, `extras/NAME.txt`, that `make run EXTRAS=NAME` installs."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def is_installed(library: str) -> bool:
    """Return whether a distribution is installed, which is looked up once; nothing of it is imported."""
    try:
        version(library)
    except PackageNotFoundError:
        return False
    return True


def command(extra: str) -> str:
    """Return the command that installs an extra."""
    return f"make run EXTRAS={extra}"


def remedy(extra: str) -> str:
    """Return what to do when an extra is missing, in a sentence."""
    return f"Install it with {command(extra)}."
