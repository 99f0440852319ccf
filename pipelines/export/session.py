"""What an exported script calls: reads data, calls modules, shows and writes what comes out. The script holds a copy of this file."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import polars as pl

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.invoke import call
from pipelines.catalogue.kind import FileKind, kind_of_type, kinds
from pipelines.catalogue.module import Module
from pipelines.catalogue.params import ParamKind
from pipelines.catalogue.ports import ColumnRole, Report, Table
from pipelines.catalogue.reporting import Figures, Level, reporting_to

READY = (ParamKind.DATASET, ParamKind.CONNECTION)  # settings that arrive as values


class Failed(Exception):
    """A step that failed, as a sentence."""


class Session:
    """A run of a script.

    Args:
        data: The folder of the datasets, NAME.parquet.
        results: The folder for the results; None to write none.
        connections: Places outside, by name (see `places`).
        say: Shows a line.

    Raises:
        Failed: When the secret of a connection is missing.
    """

    def __init__(
        self,
        data: Path,
        results: Path | None = None,
        connections: Mapping[str, Mapping[str, str]] | None = None,
        say: Callable[[str], object] = print,
    ) -> None:
        self._data, self._results, self._say = data, results, say
        self._places = _places(connections) if connections else None
        if results:
            results.mkdir(parents=True, exist_ok=True)

    def data(self, file: str, roles: Mapping[str, Mapping[str, Any]] | None = None, kind: str = "table") -> Any:
        """Return a dataset, or a saved value of another kind.

        Args:
            file: Its name in the folder.
            roles: The roles of columns, where they are not plain features.
            kind: The port kind.

        Raises:
            Failed: When the file is missing or cannot be read.
        """
        path = self._data / file
        if not path.exists():
            raise Failed(f"There is no file {path}. Give the folder that has it with --data-dir.")
        found = kinds()[kind]
        if isinstance(found, FileKind):
            return found.read(path)
        try:
            frame = pl.read_parquet(path)
        except pl.exceptions.PolarsError as wrong:
            raise Failed(f"{path} cannot be read: {str(wrong)[:200]}") from None
        return Table(frame, {name: ColumnRole(**role) for name, role in (roles or {}).items()})

    def connection(self, name: str | None) -> Any:
        """Return a connection; None without a name.

        Raises:
            Failed: When the script has no such one.
        """
        if name is None:
            return None
        self._places = self._places or _places({})
        try:
            return self._places.connection(name)
        except ValueError as wrong:
            raise Failed(str(wrong)) from None

    def _reaching(self, step: str, module: Module) -> AbstractContextManager[None]:
        if module.freshness is None:
            return nullcontext()
        self._places = self._places or _places({})
        found: AbstractContextManager[None] = self._places.reaching(step)
        return found

    def run(self, step: str, module: str, more: Mapping[str, Any] | None = None, /, **given: Any) -> SimpleNamespace:
        """Call a module.

        Args:
            step: The name of the step, for lines and files.
            module: The id of the module.
            more: `paths` or `body`: modules that this one calls itself, as a plan of Easel has them.
            given: Values by input, and settings by name.

        Returns:
            Its outputs by port.

        Raises:
            Failed: When the module reports an error.
        """
        found, began = catalogue().modules[module], time.perf_counter()
        try:
            with reporting_to(_Lines(step, self._say)), self._reaching(step, found):
                values = self._called(found, more or {}, given)
        except ModuleError as wrong:
            raise Failed(f"{step}: {wrong.words} {wrong.remedy or ''}".strip()) from wrong
        self._say(f"{time.perf_counter() - began:9.2f} s  {step}")
        outputs = {port: _whole(value) for port, value in values.items()}
        for port, value in outputs.items():
            self._keep(step, port, value)
        return SimpleNamespace(**outputs)

    @staticmethod
    def _called(module: Module, more: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, Any]:
        passes = "passes" in more.get("body", {})
        names = {} if passes else {param.name: param for param in module.params}
        inputs: Mapping[str, Sequence[Any]] = {
            name: value if isinstance(value, list) else [value] for name, value in given.items() if name not in names
        }
        if more:
            module, inputs = _nested(module, more, inputs)
        values = {name: value for name, value in given.items() if name in names}
        ready = {name: value for name, value in values.items() if names[name].kind in READY and value is not None}
        settings = {**module.read_settings({**values, **dict.fromkeys(ready, "given")}), **ready}
        return call(module, module.function, inputs, settings)

    def _keep(self, step: str, port: str, value: Any) -> None:
        kind = kind_of_type(type(value))
        report = kind.report(value) if isinstance(kind, FileKind) else None
        for line in _figures(report) if report is value else ():
            self._say(line)
        if self._results and isinstance(value, Table):
            value.frame.write_parquet(self._results / f"{step}.{port}.parquet")
        if self._results and report is not None:
            (self._results / f"{step}.{port}.json").write_bytes(as_json(report))


def _places(declared: Mapping[str, Mapping[str, str]]) -> Any:
    """Return the places outside. Only scripts that reach outside have this file."""
    try:
        return import_module(f"{__name__.rpartition('.')[0]}.places").Places(declared, os.environ)
    except ValueError as wrong:
        raise Failed(str(wrong)) from None


def as_json(report: Report) -> bytes:
    """Return a report as Easel stores it."""
    return msgspec.json.encode({"title": report.title, "blocks": report.blocks, "metrics": report.metrics})


def _nested(module: Module, more: Mapping[str, Any], inputs: Mapping[str, Sequence[Any]]) -> tuple[Module, Any]:
    """Return a module with the modules that it calls itself. Only scripts that need them have these files."""
    step = import_module(f"{__name__.partition('.')[0]}.compilation.step").Step("step", module.id, {}, {}, **more)
    bound: tuple[Module, Any] = import_module(f"{__name__.partition('.')[0]}.execution.repetition").bound(step, module, inputs)
    return bound


def _whole(value: Any) -> Any:
    """Return a table in one piece, with a role for each column: the sum of a column depends on its pieces."""
    if not isinstance(value, Table):
        return value
    return Table(value.frame.rechunk(), {name: value.role(name) for name in value.frame.columns})


def _figures(report: Report | None) -> Iterable[str]:
    for model in report.metrics if report else ():
        yield f"             {model.get('name', '')}"
        yield from (f"               {name.replace('_', ' '):<28} {value}" for name, value in model.get("metrics", {}).items())


class _Lines:
    """Shows the log lines of a step."""

    def __init__(self, step: str, say: Callable[[str], object]) -> None:
        self._step, self._say = step, say

    def progress(self, done: float, total: float, words: str) -> None: ...

    def log(self, line: str, level: Level, figures: Figures | None = None) -> None:
        if level != "info":
            self._say(f"{level}: {self._step}: {line}")
