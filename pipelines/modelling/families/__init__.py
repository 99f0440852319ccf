"""Families of learners, one file each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pipelines.catalogue.packages import submodules
from pipelines.modelling.family import Family


@cache
def families() -> Mapping[str, Family]:
    """Return every family by name."""
    return {module.FAMILY.name: module.FAMILY for _, module in submodules(__name__)}


def libraries() -> tuple[str, ...]:
    """Return the distributions that trained models depend on; those of extras are named by the untrained models themselves."""
    return tuple(sorted({library for family in families().values() if not family.extra for library in family.libraries}))
