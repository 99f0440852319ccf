"""A module is one typed function: its signature is read here into ports and settings."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version as version_of
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import docstring_parser

from pipelines.catalogue import params as p
from pipelines.catalogue.ports import KIND_OF, Frame, Kind, Lazy, Table
from pipelines.catalogue.shelf import Shelf

Form = Literal["lazy", "frame", "table", "value"]
Rule = Callable[..., Any]
F = TypeVar("F", bound=Callable[..., Any])
SHARED = tuple(Path(__file__).with_name(name) for name in ("columns.py", "learning.py"))  # what modules of every shelf compute with
_FORMS: Mapping[type, Form] = {Lazy: "lazy", Frame: "frame", Table: "table"}


def PROBE(*_: Any, **__: Any) -> None:  # noqa: N802  a mark in a declaration, read as a word
    """The mark for "call the module itself on tables without rows"; never called."""


@dataclass(frozen=True)
class Port:
    """An input or output. `form` is how the function wants a table: lazy query, frame, or table with roles."""

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


@dataclass(frozen=True)
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

    def input(self, name: str) -> Port | None:
        """The input port of a name."""
        return next((port for port in self.inputs if port.name == name), None)

    def output(self, name: str) -> Port | None:
        """The output port of a name."""
        return next((port for port in self.outputs if port.name == name), None)

    def param(self, name: str) -> p.Param | None:
        """The setting of a name."""
        return next((param for param in self.params if param.name == name), None)

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
    def fingerprint(self) -> str:
        """What makes two results of this module comparable: its source, version and the libraries it uses."""
        source = Path(inspect.getfile(inspect.unwrap(self.function)))
        files = [source, *source.parent.glob("_*.py"), *SHARED]
        digest = sha256(f"{self.id} {self.version}".encode())
        for file in sorted(files):
            digest.update(file.read_bytes())
        digest.update(" ".join(f"{library}={version_of(library)}" for library in ("polars", *self.libraries)).encode())
        return digest.hexdigest()

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
    """

    def declare(function: F) -> F:
        declared = Declaration(title, columns, version, aliases, former, former_ports or {}, former_params or {}, libraries)
        function.__easel__ = declared  # type: ignore[attr-defined]
        return function

    return declare


def read(function: Callable[..., Any], id: str, shelf: Shelf) -> Module:
    """Read a declared function's signature and docstring into a Module.

    Raises:
        TypeError: When an annotation is none that the catalogue knows.
    """
    declared: Declaration = function.__easel__  # type: ignore[attr-defined]
    doc = docstring_parser.parse(inspect.getdoc(function) or "", docstring_parser.DocstringStyle.GOOGLE)
    help_of = {entry.arg_name: " ".join((entry.description or "").split()) for entry in doc.params}
    hints = typing.get_type_hints(function, include_extras=True)
    inputs, settings = [], []
    for argument in inspect.signature(function).parameters.values():
        if argument.kind is argument.KEYWORD_ONLY:
            settings.append(_param(argument, hints[argument.name], help_of.get(argument.name, "")))
        else:
            inputs.append(_input(argument, hints[argument.name], help_of.get(argument.name, ""), declared))
    tables = [port.name for port in inputs if port.kind is Kind.TABLE]
    return Module(
        id=id,
        title=declared.title,
        shelf=shelf,
        summary=doc.short_description or "",
        help=doc.long_description or "",
        inputs=tuple(inputs),
        outputs=tuple(_outputs(hints["return"], doc, declared)),
        params=tuple(_placed(param, tables) for param in settings),
        function=function,
        columns=declared.columns,
        version=declared.version,
        aliases=declared.aliases,
        former=declared.former,
        former_params=declared.former_params,
        libraries=declared.libraries,
    )


def _input(argument: inspect.Parameter, hint: Any, help: str, declared: Declaration) -> Port:
    bare, optional = _without_none(hint)
    if bare not in KIND_OF:
        raise TypeError(f"{argument.name}: {hint} is no kind of thing that travels on an edge")
    many = argument.kind is argument.VAR_POSITIONAL
    return Port(
        argument.name,
        _title(argument.name),
        KIND_OF[bare],
        help,
        _FORMS.get(bare, "value"),
        optional,
        many,
        declared.former_ports.get(argument.name, ()),
    )


def _outputs(hint: Any, doc: docstring_parser.Docstring, declared: Declaration) -> list[Port]:
    if isinstance(hint, type) and issubclass(hint, tuple):
        words = docstring_parser.parse(inspect.getdoc(hint) or "", docstring_parser.DocstringStyle.GOOGLE)
        help_of = {entry.arg_name: " ".join((entry.description or "").split()) for entry in words.params}
        fields = typing.get_type_hints(hint)
    else:
        kind = KIND_OF[hint]
        name = "model" if kind is Kind.UNTRAINED_MODEL else kind.value
        fields, help_of = {name: hint}, {name: (doc.returns.description or "") if doc.returns else ""}
    return [
        Port(
            name, _title(name), KIND_OF[bare], help_of.get(name, ""), _FORMS.get(bare, "value"), former=declared.former_ports.get(name, ())
        )
        for name, bare in fields.items()
    ]


def _param(argument: inspect.Parameter, hint: Any, help: str) -> p.Param:
    bare, nullable = _without_none(hint)
    marks: list[Any] = []
    if get_origin(bare) is Annotated:
        bare, *marks = get_args(bare)
        bare, inner = _without_none(bare)
        nullable = nullable or inner
    mark = {type(each): each for each in marks}
    kind = _param_kind(bare, mark, argument.name)
    titles = mark[p.Titles].of if p.Titles in mark else {}
    required = argument.default is argument.empty
    default = None if required else argument.default
    return p.Param(
        name=argument.name,
        title=_title(argument.name),
        kind=kind,
        default=default.as_json() if isinstance(default, p.Columns) else default,
        required=required,
        nullable=nullable,
        help=help,
        range=mark.get(p.Range, p.Range()),
        choices=tuple((value, titles.get(value, _title(value))) for value in get_args(bare)) if kind is p.ParamKind.CHOICE else (),
        port=mark[p.Of].port if p.Of in mark else None,
        language=mark[p.Code].language if p.Code in mark else None,
        shown_when=mark.get(p.When),
    )


def _param_kind(bare: Any, mark: Mapping[type, Any], name: str) -> p.ParamKind:
    if p.Code in mark:
        return p.ParamKind.CODE
    if p.Multiline in mark:
        return p.ParamKind.MULTILINE
    if get_origin(bare) is Literal:
        return p.ParamKind.CHOICE
    kinds: dict[Any, p.ParamKind] = {
        float: p.ParamKind.NUMBER,
        int: p.ParamKind.INTEGER,
        str: p.ParamKind.TEXT,
        bool: p.ParamKind.SWITCH,
        p.Seed: p.ParamKind.SEED,
        p.Column: p.ParamKind.COLUMN,
        p.Columns: p.ParamKind.COLUMNS,
        p.Dataset: p.ParamKind.DATASET,
    }
    if bare not in kinds:
        raise TypeError(f"{name}: {bare} is no kind of setting")
    return kinds[bare]


def _placed(param: p.Param, tables: list[str]) -> p.Param:
    if param.kind in (p.ParamKind.COLUMN, p.ParamKind.COLUMNS) and param.port is None and tables:
        return replace(param, port=tables[0])
    return param


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) in (Union, UnionType):
        parts = [part for part in get_args(hint) if part is not NoneType]
        return parts[0], len(parts) < len(get_args(hint))
    return hint, False


def _title(name: str) -> str:
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
