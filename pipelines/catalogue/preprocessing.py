"""Preprocessing: rows, and the modules between them and an input port, which are fitted again on any part of the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from pipelines.catalogue import transforms
from pipelines.catalogue.checkpoint import kept_by
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import run_by
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import titled

# How a module computes where the rows that are trained on are kept apart from others:
# fit       it is fitted on the training rows, and its transformation is applied to the others
# each      it computes each part by itself
# training  it changes the training rows only, such as SMOTE
# learned   it computes something of the training rows, such as a table of groups, which is used for the others too
How = Literal["fit", "each", "training", "learned"]
HOW: Mapping[How, str] = {
    "fit": "fitted on the training rows, then applied to the others",
    "each": "executed on each part of the rows by itself",
    "training": "executed on the training rows only",
    "learned": "computed of the training rows, and used for the others too",
}
Place = tuple[int, str]  # of a value: the step on the path and its output; -1 for the rows, -2 and so on for what comes from elsewhere
ROWS: Place = (-1, "")


@dataclass(frozen=True)
class PathStep:
    """A module on the path.

    Args:
        title: The title of the module.
        how: How it computes.
        call: Computes its outputs by port, from its inputs by port.
        inputs: Where the values at its inputs come from.
        rows_in: The input at which the rows arrive, if it is fitted or changes training rows.
        rows_out: The outputs at which rows leave.
        transform: The output with what it has fitted.
    """

    title: str
    how: How
    call: Callable[[Mapping[str, Sequence[Any]]], Mapping[str, Any]] = field(repr=False)
    inputs: Mapping[str, Sequence[Place]]
    rows_in: str = ""
    rows_out: Sequence[str] = ()
    transform: str = ""

    def computed(self, values: Mapping[Place, Any]) -> Mapping[str, Any]:
        """Return its outputs."""
        return self.call({port: [values[place] for place in places] for port, places in self.inputs.items()})


@dataclass(frozen=True)
class Preprocessing:
    """The type of an input port of tables whose preprocessing the module fits itself, on parts of the rows.

    Args:
        rows: The rows at the start of the path. Parts of them are fitted on, and predicted.
        steps: The modules on the path, in order; none where a module is called directly.
        elsewhere: The values that come to the path from elsewhere.
        output: Where the path ends.
        once: The modules before the path that were executed once, on all rows, although they may learn from them: titles, and why.
    """

    rows: Table
    steps: Sequence[PathStep] = ()
    elsewhere: Sequence[Any] = ()
    output: Place = ROWS
    once: Sequence[tuple[str, str]] = ()

    def fit(self, rows: Table) -> Prepared:
        """Fit the path on rows.

        Raises:
            ModuleError: What a module on the path reports, with its title.
        """
        values: dict[Place, Any] = {ROWS: rows} | {(-2 - at, ""): value for at, value in enumerate(self.elsewhere)}
        for at, step in enumerate(self.steps):
            with _inside(step, "training rows"):
                values |= {(at, port): value for port, value in step.computed(values).items()}
        passed = {ROWS, *((at, port) for at, step in enumerate(self.steps) if step.how != "learned" for port in step.rows_out)}
        return Prepared(values[self.output], self, {place: value for place, value in values.items() if place not in passed})

    @property
    def told(self) -> list[tuple[str, str]]:
        """Return each module and how it is executed, for people."""
        return [
            *((step.title, HOW[step.how]) for step in self.steps),
            *((title, f"executed once, on all rows: {why}") for title, why in self.once),
        ]


@dataclass(frozen=True)
class Prepared:
    """Training rows at the end of a path, and what was fitted on them."""

    table: Table
    _of: Preprocessing = field(repr=False)
    _learned: Mapping[Place, Any] = field(repr=False)

    def apply(self, rows: Table) -> Table:
        """Return other rows at the end of the path, with what was fitted on the training rows.

        Raises:
            ModuleError: What a module on the path reports, with its title.
        """
        values = {**self._learned, ROWS: rows}
        for at, step in enumerate(self._of.steps):
            if step.how == "learned":
                continue
            with _inside(step, "rows to predict"):
                if step.how == "each":
                    found = step.computed(values)
                    values |= {(at, port): found[port] for port in step.rows_out}
                    continue
                table = values[step.inputs[step.rows_in][0]]
                fitted = transforms.apply(values[at, step.transform], table) if step.how == "fit" else table
                values |= dict.fromkeys(((at, port) for port in step.rows_out), fitted)
        return values[self._of.output]  # type: ignore[no-any-return]


@contextmanager
def _inside(step: PathStep, rows: str) -> Iterator[None]:
    """Say where an error comes from; its ports and settings are those of another node. The items and checkpoints of the caller are not the step's."""
    try:
        with run_by(None), kept_by(None), titled(step.title):
            yield
    except ModuleError as wrong:
        words = f"{step.title}, executed again on the {rows}: {wrong.words}"
        raise ModuleError(wrong.code, words, remedy=wrong.remedy, transient=wrong.transient) from wrong
