"""Signature parsing: arguments become ports and settings, the return annotation becomes outputs, the docstring becomes help texts."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass, replace
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from docstring_parser import Docstring

from pipelines.catalogue import docstring
from pipelines.catalogue import params as p
from pipelines.catalogue.connection import Connection
from pipelines.catalogue.kind import PortKind, kind_of_type
from pipelines.catalogue.module import FORMS, Declaration, Module, Port
from pipelines.catalogue.ports import TABLE
from pipelines.catalogue.shelf import Shelf


def read(function: Callable[..., Any], id: str, shelf: Shelf) -> Module:
    """Parse a declared function's signature and docstring into a Module.

    Raises:
        TypeError: When the catalogue does not support an annotation.
    """
    declared: Declaration = function.__easel__  # type: ignore[attr-defined]
    doc = docstring.parse(function)
    help_of, hints = _helps(doc), typing.get_type_hints(function, include_extras=True)
    arguments = inspect.signature(function).parameters.values()
    inputs = [
        _input(argument, hints[argument.name], help_of.get(argument.name, ""), declared)
        for argument in arguments
        if argument.kind is not argument.KEYWORD_ONLY
    ]
    tables = [port.name for port in inputs if port.kind == TABLE]
    return Module(
        id=id,
        title=declared.title,
        shelf=shelf,
        summary=doc.short_description or "",
        help=doc.long_description or "",
        when=" ".join(docstring.section(doc, docstring.WHEN).split()),
        example=docstring.section(doc, docstring.EXAMPLE),
        inputs=tuple(inputs),
        outputs=tuple(_outputs(hints["return"], doc, declared)),
        params=tuple(_placed(param, tables) for param in params_of(function)),
        groups=groups_of(function),
        function=function,
        columns=declared.columns,
        version=declared.version,
        icon=declared.icon,
        aliases=declared.aliases,
        former=declared.former,
        former_params=declared.former_params,
        former_values=declared.former_values,
        libraries=declared.libraries,
        extra=declared.extra,
        runs_code=declared.runs_code,
        freshness=declared.freshness,
        uses=declared.uses,
        lineage=declared.lineage,
        by_row=declared.by_row,
        opens=declared.opens,
    )


def groups_of(function: Callable[..., Any]) -> dict[str, type]:
    """Return the arguments that are groups of settings, and their dataclasses."""
    hints = typing.get_type_hints(function)
    return {name: hints[name] for name in _settings(function) if _is_group(hints[name])}


def params_of(declared: Callable[..., Any]) -> tuple[p.Param, ...]:
    """Return the settings of a function or of a group of settings (a dataclass); a group among them is replaced by its fields.

    Raises:
        TypeError: When the catalogue does not support an annotation.
    """
    help_of = _helps(docstring.parse(declared))
    hints = typing.get_type_hints(declared, include_extras=True)
    found: list[p.Param] = []
    for name, argument in _settings(declared).items():
        found += params_of(hints[name]) if _is_group(hints[name]) else [_param(argument, hints[name], help_of.get(name, ""))]
    return tuple(found)


def _is_group(hint: Any) -> bool:
    return is_dataclass(hint) and hint not in (p.Columns, Connection)


def _settings(declared: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    arguments = inspect.signature(declared).parameters
    return {name: each for name, each in arguments.items() if is_dataclass(declared) or each.kind is each.KEYWORD_ONLY}


def _helps(doc: Docstring) -> dict[str, str]:
    return {entry.arg_name: " ".join((entry.description or "").split()) for entry in doc.params}


def _input(argument: inspect.Parameter, hint: Any, help: str, declared: Declaration) -> Port:
    bare, optional = _without_none(hint)
    many = argument.kind is argument.VAR_POSITIONAL
    return Port(
        argument.name,
        _title(argument.name),
        _kind(bare, argument.name).id,
        help,
        FORMS.get(bare, "value"),
        optional,
        many,
        declared.former_ports.get(argument.name, ()),
    )


def _outputs(hint: Any, doc: Docstring, declared: Declaration) -> list[Port]:
    if isinstance(hint, type) and issubclass(hint, tuple):
        words = docstring.parse(hint)
        help_of = {entry.arg_name: " ".join((entry.description or "").split()) for entry in words.params}
        fields = typing.get_type_hints(hint)
    else:
        kind = _kind(hint, "return")
        name = kind.output or kind.id
        fields, help_of = {name: hint}, {name: (doc.returns.description or "") if doc.returns else ""}
    return [
        Port(
            name,
            _title(name),
            _kind(bare, name).id,
            help_of.get(name, ""),
            FORMS.get(bare, "value"),
            former=declared.former_ports.get(name, ()),
        )
        for name, bare in fields.items()
    ]


def _kind(hint: Any, name: str) -> PortKind[Any]:
    try:
        return kind_of_type(hint)
    except TypeError as wrong:
        raise TypeError(f"{name}: {wrong}") from None


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
        title=mark[p.Title].text if p.Title in mark else _title(argument.name),
        kind=kind,
        default=default.as_json() if isinstance(default, p.Columns) else default,
        required=required,
        nullable=nullable,
        help=help,
        range=mark.get(p.Range, p.Range()),
        choices=_choices(bare, mark, titles) if kind is p.ParamKind.CHOICE else (),
        groups=mark[p.Groups].of if p.Groups in mark else {},
        port=mark[p.Of].port if p.Of in mark else None,
        language=mark[p.Code].language if p.Code in mark else None,
        connects=mark[p.Connects].kinds if p.Connects in mark else (),
        holds=_held(bare) if kind is p.ParamKind.DATASET else None,
        registered=bare is p.RegisteredModel,
        shown_when=mark.get(p.When),
        form=mark.get(p.FormOf),
        search=mark[p.Search].over if p.Search in mark else "",
    )


def _held(bare: Any) -> str:
    """The port kind of what a dataset setting names."""
    return kind_of_type(bare.__supertype__).id


def _choices(bare: Any, mark: Mapping[type, Any], titles: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    if p.Among in mark:
        return tuple((value, value) for value in mark[p.Among].values)
    return tuple((value, titles.get(value, _title(value))) for value in get_args(bare))


def _param_kind(bare: Any, mark: Mapping[type, Any], name: str) -> p.ParamKind:
    if p.Code in mark:
        return p.ParamKind.CODE
    if p.Multiline in mark:
        return p.ParamKind.MULTILINE
    if get_origin(bare) is Literal or p.Among in mark:
        return p.ParamKind.CHOICE
    kinds: dict[Any, p.ParamKind] = {
        float: p.ParamKind.NUMBER,
        int: p.ParamKind.INTEGER,
        str: p.ParamKind.TEXT,
        bool: p.ParamKind.SWITCH,
        p.Seed: p.ParamKind.SEED,
        p.Column: p.ParamKind.COLUMN,
        p.Columns: p.ParamKind.COLUMNS,
        p.Options: p.ParamKind.OPTIONS,
        p.Space: p.ParamKind.SPACE,
        p.Dataset: p.ParamKind.DATASET,
        p.RegisteredModel: p.ParamKind.DATASET,
        p.ModelVersion: p.ParamKind.MODEL_VERSION,
        Connection: p.ParamKind.CONNECTION,
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
