"""Sweeps: the combinations of parameter values that a pipeline is run with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

import msgspec

from pipelines.graph.problem import Problem, UnsoundGraph

MOST_RUNS = 200
Values = Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]]


def combinations(values: Values) -> list[dict[str, Any]]:
    """Return the values of each run, in order.

    Args:
        values: A grid, which is an object of several values for each parameter, of which every combination is run, the last parameter
            changing fastest; or a list of combinations, each an object of a value for each parameter.

    Raises:
        UnsoundGraph: When there is none, when there are more than MOST_RUNS, or when two are equal.
    """
    if isinstance(values, Mapping):
        for name, several in values.items():
            if not isinstance(several, list | tuple) or not several:
                raise _refused(f"The values of the parameter {name[:64]} must be a list of at least one value.", name)
        count = prod(len(several) for several in values.values()) if values else 0
    else:
        count = len(values)
    if not count:
        raise _refused("A sweep needs values of at least one parameter.", remedy="Give several values of a parameter.")
    if count > MOST_RUNS:
        raise _refused(
            f"These are {count:,} runs; a sweep has at most {MOST_RUNS}.", remedy="Give fewer values, or several smaller sweeps."
        )
    found = (
        [dict(zip(values, each, strict=True)) for each in product(*values.values())]
        if isinstance(values, Mapping)
        else [*map(dict, values)]
    )
    _refuse_equal(found)
    return found


def _refuse_equal(found: Sequence[Mapping[str, Any]]) -> None:
    known: dict[bytes, int] = {}
    for number, each in enumerate(found, 1):
        if not each:
            raise _refused(f"Combination {number} has no values.", remedy="Give a value of at least one parameter.")
        first = known.setdefault(msgspec.json.encode(each, order="deterministic"), number)
        if first != number:
            told = ", ".join(f"{name[:64]} = {str(value)[:40]}" for name, value in each.items())
            raise _refused(f"Runs {first} and {number} have the same values ({told}).", remedy="Give each value once.")


def _refused(words: str, name: str = "", remedy: str = "Give a list of values.") -> UnsoundGraph:
    return UnsoundGraph([Problem("bad_sweep", words, key=f"values.{name[:64]}" if name else "values", remedy=remedy)])
