"""Modules: a module is one typed function; its signature defines ports and settings."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from hashlib import sha256
from importlib.metadata import version as version_of
from typing import Any, Literal, TypeVar

from pipelines.catalogue import extras
from pipelines.catalogue import params as p
from pipelines.catalogue.freshness import Freshness
from pipelines.catalogue.items import Trial
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.ports import Frame, Lazy, Query, Table
from pipelines.catalogue.preprocessing import Preprocessing
from pipelines.catalogue.repeated import Repeated
from pipelines.catalogue.row_functions import ByRow
from pipelines.catalogue.shelf import Shelf
from pipelines.catalogue.source import digest

Form = Literal["lazy", "query", "frame", "table", "preprocessing", "repeated", "value"]
Rule = Callable[..., Any]
# (the entry of a report that holds the winner's pipeline, the trials of its search, the name of a candidate) -> such an entry for the candidate
Opens = Callable[[Mapping[str, Any], Sequence[Trial], str], Mapping[str, Any]]
F = TypeVar("F", bound=Callable[..., Any])
FORMS: Mapping[type, Form] = {
    Lazy: "lazy",
    Query: "query",
    Frame: "frame",
    Table: "table",
    Preprocessing: "preprocessing",
    Repeated: "repeated",
}
LAZY = ("lazy", "query")


def PROBE(*_: Any, **__: Any) -> None:  # noqa: N802  a marker in declarations
    """Marker for "call the module itself on tables without rows"; never called."""


@dataclass(frozen=True)
class Port:
    """An input or output. `kind` is the id of its kind; `form` is the form the function receives: lazy frame, lazy frame with roles, frame,
    table with roles, rows with the modules that prepare them, or rows with the modules that are repeated for parts of them."""

    name: str
    title: str
    kind: str
    help: str = ""
    form: Form = "value"
    optional: bool = False
    multiple: bool = False
    former: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Module:
    """A declared module: title, ports, settings, and the function that implements it."""

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
    icon: str = ""
    version: int = 1
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    former_params: Mapping[str, str] = field(default_factory=dict)
    former_values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    libraries: tuple[str, ...] = ()
    extra: str = ""
    runs_code: bool = False
    groups: Mapping[str, type] = field(default_factory=dict)
    when: str = ""
    example: str = ""
    freshness: Callable[..., Freshness] | None = None
    lineage: Lineage = field(default_factory=Lineage)
    by_row: ByRow | None = None
    loads: str = ""  # the port kind whose saved values it loads
    uses: tuple[str, ...] = ()
    opens: Opens | None = None

    def input(self, name: str) -> Port | None:
        """Return the input port of a name."""
        return next((port for port in self.inputs if port.name == name), None)

    def output(self, name: str) -> Port | None:
        """Return the output port of a name."""
        return next((port for port in self.outputs if port.name == name), None)

    def param(self, name: str) -> p.Param | None:
        """Return the setting of a name."""
        return next((param for param in self.params if param.name == name), None)

    @property
    def is_deferrable(self) -> bool:
        """Return whether it only extends a query, which the consumer of its single output may execute: lazy tables in, a lazy table out."""
        return len(self.outputs) == 1 and bool(self.inputs) and all(port.form in LAZY for port in (*self.inputs, *self.outputs))

    def settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return every setting's JSON value: the given one, else its default."""
        return {param.name: given.get(param.name, param.default) for param in self.params}

    def read_settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return every setting as the function receives it.

        Raises:
            ValueError: When a value has the wrong type; validation reports that before, with the place.
        """
        values = self.settings(given)
        return {param.name: param.read(values[param.name], values) for param in self.params}

    def arguments(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings, as the function receives them, by argument: those of a group together in its dataclass."""
        grouped = {name: group(**{each.name: settings[each.name] for each in fields(group)}) for name, group in self.groups.items()}
        inside = {each.name for group in self.groups.values() for each in fields(group)}
        return {name: value for name, value in settings.items() if name not in inside} | grouped

    @property
    def writes_outside(self) -> bool:
        """Return whether it sends what it is given to a place outside Easel: of the modules that reach beyond their inputs, those without any only read."""
        return self.freshness is not None and bool(self.inputs)

    @property
    def is_installed(self) -> bool:
        """Return whether the libraries of its extra are installed; a module of no extra always is."""
        return not self.extra or all(map(extras.is_installed, self.libraries))

    @cached_property
    def source(self) -> str:
        """Return a digest of the code it computes with: its file, those of modules that it uses, and the project files that they import, at any depth."""
        name = inspect.unwrap(self.function).__module__
        if not self.uses:
            return digest(name)
        package = name.rsplit(".", 2)[0]
        return sha256("".join(map(digest, [name, *(f"{package}.{id}" for id in self.uses)])).encode()).hexdigest()

    @cached_property
    def library_versions(self) -> Mapping[str, str]:
        """Return the installed versions of the libraries that its results depend on."""
        needed = [library for library in self.libraries if not self.extra or extras.is_installed(library)]
        return {library: _version(library) for library in ("polars", *needed)}


@cache
def _version(library: str) -> str:
    return version_of(library)


@dataclass(frozen=True)
class Declaration:
    """The arguments of `@module`, kept on the function until its shelf is discovered."""

    title: str
    columns: Rule | None
    icon: str
    version: int
    aliases: tuple[str, ...]
    former: tuple[str, ...]
    former_ports: Mapping[str, tuple[str, ...]]
    former_params: Mapping[str, str]
    former_values: Mapping[str, Mapping[str, str]]
    libraries: tuple[str, ...]
    extra: str
    runs_code: bool
    freshness: Callable[..., Freshness] | None
    lineage: Lineage
    by_row: ByRow | None
    uses: tuple[str, ...]
    opens: Opens | None


def module(
    title: str,
    *,
    columns: Rule | None = None,
    icon: str = "",
    version: int = 1,
    aliases: tuple[str, ...] = (),
    former: tuple[str, ...] = (),
    former_ports: Mapping[str, tuple[str, ...]] | None = None,
    former_params: Mapping[str, str] | None = None,
    former_values: Mapping[str, Mapping[str, str]] | None = None,
    libraries: tuple[str, ...] = (),
    extra: str = "",
    runs_code: bool = False,
    freshness: Callable[..., Freshness] | None = None,
    lineage: Lineage = Lineage(),  # noqa: B008  frozen
    by_row: ByRow | None = None,
    uses: tuple[str, ...] = (),
    opens: Opens | None = None,
) -> Callable[[F], F]:
    """Declare a function as a module.

    Args:
        title: The display name.
        columns: How the columns of its outputs are inferred before a run: PROBE calls the module itself on tables without rows; a function of the
            same arguments receives such tables and returns such tables (None for a port it cannot infer). Modules of lazy tables need none.
        icon: The name of a Tabler icon, one of those in `frontend/src/ui/moduleIcons.ts`; a box without one.
        version: Increase it when the same source should give new results.
        aliases: Further names for the search.
        former: Former ids, so that old documents open.
        former_ports: Port name to its former names.
        former_params, former_values: Former setting name to the current one; by current setting, former choice to the current one.
        libraries: Distributions whose version its results depend on, beside polars.
        extra: The extra that installs them, where Easel's own requirements do not: `extras/NAME.txt`.
        runs_code: Whether a setting is user code: such a module runs in a sandbox, never in the worker itself.
        freshness: Says what its source looks like, from the same settings: of a module that reaches beyond its inputs, in the worker alone.
        lineage: What it does with rows and columns, for the warnings of leaks.
        by_row: Compiles it to functions of rows, for requests (row_functions.py).
        uses: Ids of modules that it finds in the catalogue and calls: their code counts for its results, as if it imported them.
        opens: Of a search, returns the pipeline of a candidate, whatever came of it. Raises ModuleError where there is none.
    """

    def declare(function: F) -> F:
        names = (aliases, former, former_ports or {}, former_params or {}, former_values or {})
        declared = Declaration(title, columns, icon, version, *names, libraries, extra, runs_code, freshness, lineage, by_row, uses, opens)
        function.__easel__ = declared  # type: ignore[attr-defined]
        return function

    return declare
