"""The reference of problem codes as Markdown, read from the code that raises them."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTE = "Generated from the code by `python manage.py problem_codes docs/problem-codes.md`. Do not edit."
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


@cache
def entries() -> list[Entry]:
    """Return every report of a problem with a literal code, in the order of codes and files."""
    files = (file for package in ("pipelines", "designer") for file in sorted((ROOT / package).rglob("*.py")))
    return sorted({entry for file in files if "migrations" not in file.parts for entry in _in_file(file)})


def page() -> str:
    """Return the reference: a table for each part of Easel."""
    parts: dict[str, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries():
        parts[_part(entry.file)][entry.code].append(entry)
    lines = ["# Problem codes", "", NOTE, "", "Programs read the code; the sentence may change. … stands for what varies."]
    for part, codes in sorted(parts.items()):
        lines += ["", f"## {part}", "", "| Code | What it says | Remedy |", "|---|---|---|"]
        lines += [
            f"| `{code}` | {_cells(each.words for each in found)} | {_cells(each.remedy for each in found)} |"
            for code, found in codes.items()
        ]
    return "\n".join(lines) + "\n"


def _part(file: str) -> str:
    folders = Path(file).parts
    return "/".join(folders[:3] if folders[:2] == ("pipelines", "modules") else folders[:2]).removesuffix(".py")


def _cells(texts: Iterator[str]) -> str:
    return "<br>".join(dict.fromkeys(text.replace("|", "\\|").replace("\n", " ") for text in texts if text))


def _in_file(file: Path) -> Iterator[Entry]:
    tree = ast.parse(file.read_text())
    makers = {name: Maker(places) for name, places in CLASSES.items()} | dict(_makers(tree))
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module)):
        assigned = sorted(_assigned(function), key=lambda pair: pair[1].lineno)
        for call in (node for node in _own(function) if isinstance(node, ast.Call)):
            if maker := makers.get(_name(call)):
                names = {name: value for name, value in assigned if value.lineno <= call.lineno}
                code, words, remedy = (_text(each, names) for each in _arguments(call, maker.places))
                if CODE.fullmatch(code):
                    yield Entry(code, str(file.relative_to(ROOT)), words or maker.words, remedy)


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
