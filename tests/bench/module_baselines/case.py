"""A module beside the plain call: what both get, and how the plain one is registered.

    @beside("transform.sort_rows", {"columns": ["carrier"]}, table=flights)
    def sort(table: pl.DataFrame) -> pl.DataFrame:
        return table.sort("carrier", maintain_order=True)

The plain call gets the same frames in memory, by port. It returns what the module returns, output by output and as far as it can be compared:
`tests/bench/test_modules.py` compares them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

MILLION, LEARNT = 1_000_000, 100_000


@dataclass(frozen=True)
class Case:
    """A use of a module, and the same by hand."""

    module: str
    plain: Callable[..., Any]
    settings: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Callable[[int], Any]] = field(default_factory=dict)
    rows: int = MILLION
    variant: str = ""
    ours: Callable[..., Any] | None = None  # where one call of the module is not all, such as a learner with Train Model
    tolerance: float = 1e-9

    @property
    def name(self) -> str:
        return f"{self.module} ({self.variant})" if self.variant else self.module


CASES: list[Case] = []
WITHOUT: dict[str, str] = {}


def beside(module: str, settings: Mapping[str, Any] | None = None, *, variant: str = "", rows: int = MILLION, **inputs: Any) -> Any:
    """Register a function as the plain counterpart of a module; inputs are functions from a number of rows to the value of a port."""

    def register(plain: Callable[..., Any]) -> Callable[..., Any]:
        CASES.append(Case(module, plain, settings or {}, inputs, rows, variant))
        return plain

    return register


def without(reason: str, *modules: str) -> None:
    """Register modules that have no plain counterpart."""
    WITHOUT.update(dict.fromkeys(modules, reason))


@cache
def _loaded() -> None:
    for found in iter_modules([str(Path(__file__).parent)]):
        import_module(f"tests.bench.module_baselines.{found.name}")


def cases() -> list[Case]:
    """Every case, shelf by shelf."""
    _loaded()
    return CASES


def reasons() -> Mapping[str, str]:
    """The modules without a plain counterpart, and why."""
    _loaded()
    return WITHOUT


def chosen(wanted: Iterator[str] | list[str]) -> list[Case]:
    """The cases of some shelves and modules; all when none is named."""
    names = list(wanted)
    return [case for case in cases() if not names or {case.module, case.module.partition(".")[0]} & set(names)]
