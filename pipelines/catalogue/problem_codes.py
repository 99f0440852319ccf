"""Problem codes that code raises, with their sentences and remedies, read from its source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.catalogue.module import Module
from pipelines.catalogue.source import tree_of
from pipelines.catalogue.used_code import bindings, used_code

CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
# The places of code, words and remedy among positional arguments; functions that return one of these classes are found by themselves.
CLASSES = {"ModuleError": (0, 1, None), "Problem": (0, 1, None), "Unreadable": (0, 1, 2), "Refusal": (1, 2, None)}
Places = tuple[int, int | None, int | None]
UNKNOWN = "…"


@dataclass(frozen=True)
class Maker:
    """What makes a problem of a code: the places of code, words and remedy, and its own words where it takes none."""

    places: Places
    words: str = ""


@dataclass(frozen=True, order=True)
class Entry:
    """A place in the code that reports a problem: the code, the file, and the sentences with … for what varies."""

    code: str
    file: str
    words: str
    remedy: str


def raised_by(module: Module) -> list[Entry]:
    """Return what the code of a module raises: what its own file says first. Code counts when its name is used at any depth."""
    start = (module.function.__module__, module.function.__name__)
    used = sorted(used_code(*start), key=lambda each: (each[0] != start[0], each))
    found = {(entry.code, entry.words): entry for each in reversed(used) for entry in reversed(_of(*each))}
    return list(found.values())[::-1]


@cache
def _of(file: str, name: str) -> tuple[Entry, ...]:
    """What the statements that bind a name report."""
    return tuple(_reports(ast.Module(bindings(file)[name], []), _makers_in(file), file))


@cache
def _makers_in(file: str) -> dict[str, Maker]:
    return makers_of(tree_of(file))


@cache
def in_file(file: Path, name: str) -> tuple[Entry, ...]:
    """Return every report of a problem with a literal code in a file, which its entries name as given."""
    tree = ast.parse(file.read_text())
    return tuple(_reports(tree, makers_of(tree), name))


def makers_of(tree: ast.AST) -> dict[str, Maker]:
    """Return what makes a problem in a file, by name."""
    return {name: Maker(places) for name, places in CLASSES.items()} | dict(_makers(tree))


def _reports(tree: ast.AST, makers: Mapping[str, Maker], file: str) -> Iterator[Entry]:
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module)):
        assigned = sorted(_assigned(function), key=lambda pair: pair[1].lineno)
        for call in (node for node in _own(function) if isinstance(node, ast.Call)):
            if maker := makers.get(_name(call)):
                names = {name: value for name, value in assigned if value.lineno <= call.lineno}
                code, words, remedy = (_text(each, names) for each in _arguments(call, maker.places))
                if CODE.fullmatch(code):
                    yield Entry(code, file, words or maker.words, remedy)


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _arguments(call: ast.Call, places: Places) -> Iterator[ast.expr | None]:
    """The code, the words and the remedy of a call, by place or by name."""
    named = {each.arg: each.value for each in call.keywords}
    for name, place in zip(("code", "words", "remedy"), places, strict=True):
        yield call.args[place] if place is not None and place < len(call.args) else named.get(name)


def _makers(tree: ast.AST) -> Iterator[tuple[str, Maker]]:
    """Functions that make a problem of a code, and the places of code, words and remedy among their arguments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and isinstance(node.returns, ast.Name) and node.returns.id in CLASSES:
            place = {each.arg: number for number, each in enumerate(each for each in node.args.args if each.arg != "self")}
            if "code" in place:
                inner = next(call for call in ast.walk(node) if isinstance(call, ast.Call) and _name(call) in CLASSES)
                words = list(_arguments(inner, CLASSES[_name(inner)]))[1]
                own = "" if "words" in place else _text(words, dict(_assigned(node)))
                yield node.name, Maker((place["code"], place.get("words"), place.get("remedy")), own)


def _own(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of the functions inside."""
    for child in ast.iter_child_nodes(function):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
            yield from _own(child)


def _assigned(function: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The variables of a function that are a text, with the text."""
    for node in _own(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = (
                    zip(target.elts, node.value.elts, strict=False)
                    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                    else [(target, node.value)]
                )
                yield from ((name.id, value) for name, value in pairs if isinstance(name, ast.Name))


def _text(node: ast.expr | None, names: Mapping[str, ast.expr]) -> str:
    """A text in the code, with … for what is known only when it runs."""
    match node:
        case None:
            return ""
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(each, names) if isinstance(each, ast.Constant) else UNKNOWN for each in parts)
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return _text(left, names) + _text(right, names)
        case ast.IfExp(body=first):
            return _text(first, names)
        case ast.Name(id=name) if name in names:
            return _text(names[name], {other: value for other, value in names.items() if other != name})
    return UNKNOWN
