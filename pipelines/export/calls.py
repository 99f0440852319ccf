"""The calls of an exported script: one for each step, with the title of its node as the name of its result."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.catalogue.discover import Catalogue
from pipelines.catalogue.params import ParamKind
from pipelines.catalogue.ports import TABLE
from pipelines.compilation import Plan, Step
from pipelines.execution.output import Output
from pipelines.graph.binding import referred
from pipelines.graph.model import Endpoint, Graph
from pipelines.validation.naming import called

RESERVED = frozenset({"run", "data", "connection", "p", "session"})
WIDEST = 110


@dataclass(frozen=True)
class DataFile:
    """A dataset of a script: the file's name, what the engine knows of it, and the scope whose store holds it."""

    name: str
    output: Output
    scope: str


@dataclass(frozen=True)
class Call:
    """The statement of a step, with its comments."""

    node: str
    name: str
    lines: tuple[str, ...]


class Calls:
    """The calls of a plan in order, and the datasets they read.

    Args:
        graph: The graph with references to parameters.
        plan: The plan.
        catalogue: The modules.
        scopes: The scope of each dataset by its digest.
    """

    def __init__(self, graph: Graph, plan: Plan, catalogue: Catalogue, scopes: Mapping[str, str]) -> None:
        self._graph, self._plan, self._catalogue, self._scopes = graph, plan, catalogue, scopes
        self.names = self._named()
        self.files: dict[str, DataFile] = {}
        self.calls = [self._call(step) for step in plan.steps.values()]

    def _named(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for node in self._plan.steps:
            drawn = self._graph.nodes[node]
            wanted = identifier(called(drawn, self._catalogue.modules[drawn.module]))
            taken = {*found.values(), *RESERVED}
            found[node] = next(name for name in (wanted, *(f"{wanted}_{at}" for at in range(2, len(taken) + 3))) if name not in taken)
        return found

    def _call(self, step: Step) -> Call:
        drawn = self._graph.nodes[step.node]
        comments = [f"# {line}" for line in (drawn.comment or "").splitlines()]
        own = {param.name: param for param in self._catalogue.modules[step.module].params}
        connecting = {name: param for name, param in own.items() if param.kind is ParamKind.CONNECTION}
        more = {name: dict(each) for name, each in (("paths", step.paths), ("body", step.body)) if each}
        arguments = [repr(step.node), repr(step.module), *([literal(more)] if more else [])]
        arguments += [f"{port}={self._ends(ends, step, port)}" for port, ends in step.sources.items()]
        settings = {} if "passes" in step.body else {name: value for name, value in drawn.params.items() if name in own}
        settings = {name: value for name, value in settings.items() if name not in connecting or connecting[name].matters(step.settings)}
        arguments += [f"{name}={self._setting(step, name, value, is_place=name in connecting)}" for name, value in settings.items()]
        return Call(step.node, self.names[step.node], (*comments, *_folded(f"{self.names[step.node]} = run(", arguments)))

    def first_table(self, node: str) -> str | None:
        """Return the first output of a step if it is a table."""
        ports = self._catalogue.modules[self._plan.steps[node].module].outputs
        return ports[0].name if ports and ports[0].kind == TABLE and not self._plan.steps[node].body else None

    def _ends(self, ends: tuple[Endpoint, ...], step: Step, port: str) -> str:
        found = [f"{self.names[end.node]}.{end.port}" for end in ends]
        declared = self._catalogue.modules[step.module].input(port)
        several = declared.multiple if declared else len(found) != 1
        return f"[{', '.join(found)}]" if several or len(found) != 1 or port in step.paths else found[0]

    def _setting(self, step: Step, name: str, value: Any, *, is_place: bool) -> str:
        if is_place and value:
            return f"connection({literal(value)})"
        if name in step.datasets:
            return self._data(str(value), step.node, Output.from_json(step.datasets[name]))
        return literal(value)

    def _data(self, wanted: str, node: str, output: Output) -> str:
        name = identifier(wanted if referred(wanted) is None else node)
        same = next((each for each in self.files.values() if each.output.content == output.content), None)
        if same is None:
            name = next(each for each in (name, *(f"{name}_{at}" for at in range(2, len(self.files) + 3))) if each not in self.files)
            same = self.files[name] = DataFile(f"{name}.parquet", output, self._scopes[output.digest])
        roles = {column.name: _role(column) for column in output.columns or ()}
        given = {column: role for column, role in roles.items() if role}
        return f"data({same.name!r}{f', {literal(given)}' if given else ''})"


def _role(column: Any) -> dict[str, Any]:
    usual = {"role": "feature", "categorical": False, "positive": None, "model": None, "task": None, "threshold": None}
    return {name: getattr(column, name) for name, value in usual.items() if getattr(column, name) != value}


def identifier(text: str) -> str:
    """Return a Python name made of a text."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:60] or "step"
    return f"step_{plain}" if plain[0].isdigit() else f"{plain}_" if keyword.iskeyword(plain) else plain


def literal(value: Any) -> str:
    """Return a JSON value as Python, with a reference to a parameter as `p.NAME`."""
    if (name := referred(value)) is not None:
        return f"getattr(p, {name!r})" if keyword.iskeyword(name) else f"p.{name}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key!r}: {literal(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, str) and "\n" in value and _is_plain(value):
        return f'"""{value}"""'
    return repr(value)


def _is_plain(text: str) -> bool:
    """Whether a text stands between triple quotes as it is."""
    unquoted = '"""' not in text and "\\" not in text and not text.endswith('"')
    return unquoted and all(each.isprintable() or each in "\n\t" for each in text)


def _folded(start: str, arguments: list[str]) -> Iterator[str]:
    """Yield a call, on one line if it fits."""
    whole = f"{start}{', '.join(arguments)})"
    if len(whole) <= WIDEST and "\n" not in whole:
        yield whole
        return
    yield start
    yield "    " + ", ".join(arguments[:2]) + ","
    yield from (f"    {argument}," for argument in arguments[2:])
    yield ")"
