"""A module is one typed function: its signature is read here into ports and settings."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any, Literal, TypeVar

from pipelines.catalogue import params as p
from pipelines.catalogue.ports import Frame, Kind, Lazy, Query, Table
from pipelines.catalogue.shelf import Shelf

Form = Literal["lazy", "query", "frame", "table", "value"]
Rule = Callable[..., Any]
F = TypeVar("F", bound=Callable[..., Any])
SHARED = tuple(Path(__file__).with_name(name) for name in ("columns.py", "learning.py"))  # what modules of every shelf compute with
FORMS: Mapping[type, Form] = {Lazy: "lazy", Query: "query", Frame: "frame", Table: "table"}
LAZY = ("lazy", "query")


def PROBE(*_: Any, **__: Any) -> None:  # noqa: N802  a mark in a declaration, read as a word
    """The mark for "call the module itself on tables without rows"; never called."""


@dataclass(frozen=True)
class Port:
    """An input or output. `form` is how the function wants a table: lazy frame, lazy frame with roles, frame, or table with roles."""

    name: str
    title: str
    kind: Kind
    help: str = ""
    form: Form = "value"
    optional: bool = False
    multiple: bool = False
    former: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The port as the palette shows it."""
        return {
            "name": self.name,
            "title": self.title,
            "kind": self.kind.value,
            "optional": self.optional,
            "multiple": self.multiple,
            "help": self.help,
        }


@dataclass(frozen=True, eq=False)
class Module:
    """A declared module: what it is called, what goes in and out, its settings, and the function that does it."""

    id: str
    title: str
    shelf: Shelf
    summary: str
    help: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    params: tuple[p.Param, ...]
    function: Callable[..., Any]
    columns: Rule | None = None
    version: int = 1
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    former_params: Mapping[str, str] = field(default_factory=dict)
    libraries: tuple[str, ...] = ()
    runs_code: bool = False

    def input(self, name: str) -> Port | None:
        """The input port of a name."""
        return next((port for port in self.inputs if port.name == name), None)

    def output(self, name: str) -> Port | None:
        """The output port of a name."""
        return next((port for port in self.outputs if port.name == name), None)

    def param(self, name: str) -> p.Param | None:
        """The setting of a name."""
        return next((param for param in self.params if param.name == name), None)

    @property
    def can_wait(self) -> bool:
        """Whether it does nothing but add to a query, which whoever reads its one output may carry out: lazy tables in, a lazy table out."""
        return len(self.outputs) == 1 and bool(self.inputs) and all(port.form in LAZY for port in (*self.inputs, *self.outputs))

    def settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Every setting's JSON value: as given, else its default."""
        return {param.name: given.get(param.name, param.default) for param in self.params}

    def read_settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Every setting as the function gets it.

        Raises:
            ValueError: When a value is not of its setting's kind; validation says so first, with the place.
        """
        return {param.name: param.read(value) for param in self.params for value in [given.get(param.name, param.default)]}

    @cached_property
    def source(self) -> str:
        """A digest of the code that the module is made of: its file, what its shelf shares, and what all shelves compute with."""
        file = Path(inspect.getfile(inspect.unwrap(self.function)))
        digest = sha256()
        for part in sorted([file, *file.parent.glob("_*.py"), *SHARED]):
            digest.update(part.read_bytes())
        return digest.hexdigest()

    @cached_property
    def library_versions(self) -> Mapping[str, str]:
        """The libraries that its results depend on, with the versions installed here."""
        return {library: version_of(library) for library in ("polars", *self.libraries)}

    def as_json(self) -> dict[str, Any]:
        """The module as the palette shows it."""
        return {
            "id": self.id,
            "title": self.title,
            "shelf": self.shelf.id,
            "summary": self.summary,
            "help": self.help,
            "aliases": list(self.aliases),
            "version": self.version,
            "runs_code": self.runs_code,
            "inputs": [port.as_json() for port in self.inputs],
            "outputs": [port.as_json() for port in self.outputs],
            "params": [param.as_json() for param in self.params],
        }


@dataclass(frozen=True)
class Declaration:
    """What the `@module` line says, kept on the function until its shelf is discovered."""

    title: str
    columns: Rule | None
    version: int
    aliases: tuple[str, ...]
    former: tuple[str, ...]
    former_ports: Mapping[str, tuple[str, ...]]
    former_params: Mapping[str, str]
    libraries: tuple[str, ...]
    runs_code: bool


def module(
    title: str,
    *,
    columns: Rule | None = None,
    version: int = 1,
    aliases: tuple[str, ...] = (),
    former: tuple[str, ...] = (),
    former_ports: Mapping[str, tuple[str, ...]] | None = None,
    former_params: Mapping[str, str] | None = None,
    libraries: tuple[str, ...] = (),
    runs_code: bool = False,
) -> Callable[[F], F]:
    """Declare a function as a module.

    Args:
        title: What people call it.
        columns: How its output columns follow from its input columns before anything runs: PROBE to call the module
            itself on tables without rows, or a function of the same arguments that gets such tables and returns such
            tables (None for a port it cannot tell). Modules of lazy tables need none.
        version: Raise it when the same source should give new results.
        aliases: Other names to find it by.
        former: Ids it had before, so that old documents open.
        former_ports: Port name to the names it had before.
        former_params: Former setting name to the present one.
        libraries: Distributions whose version its results depend on, beside polars.
        runs_code: Whether a setting is code that is run: then it is carried out in a sandbox, never in the worker itself.
    """

    def declare(function: F) -> F:
        declared = Declaration(title, columns, version, aliases, former, former_ports or {}, former_params or {}, libraries, runs_code)
        function.__easel__ = declared  # type: ignore[attr-defined]
        return function

    return declare
