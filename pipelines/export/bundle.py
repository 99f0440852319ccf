"""The project files that modules need, under another package name, so that a script can hold them; and the packages that they need."""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib.metadata import packages_distributions, version
from pathlib import Path

from pipelines.catalogue import extras
from pipelines.catalogue.kind import FOLDER, kinds
from pipelines.catalogue.module import Module
from pipelines.catalogue.source import PROJECT, closure, file_of

PACKAGE = "pipeline_modules"  # what the project's package is called in a script
READER, READERS = "designer", "pipeline_readers"  # the package whose part parses files, and what it is called in a script
NAMES = {PROJECT: PACKAGE, READER: READERS}
PLACES, PARSING = f"{PROJECT}.export.places", f"{READER}.datasets.parsing.parse"
# A distribution that another one needs where its libraries are not installed.
BESIDE = {"psycopg": "psycopg-binary"}
PYTHON = ">=3.11"  # on which the files run
SESSION, VALUES = f"{PROJECT}.export.session", f"{PROJECT}.export.values"
NESTED = (f"{PROJECT}.execution.repetition", f"{PROJECT}.compilation.step")
SHELVES = f"{PROJECT}.modules"


def sources(modules: Collection[Module], *, nested: bool, parameters: bool) -> dict[str, str]:
    """Return the files by their path within the package's parent.

    Args:
        modules: The modules that are called, also those that others call themselves or find in the catalogue.
        nested: Whether some call others themselves.
        parameters: Whether there are parameters.
    """
    names = {SESSION, SHELVES, *(module.function.__module__ for module in modules), *_kinds(modules)}
    names |= {VALUES} if parameters else set()
    names |= set(NESTED) if nested else set()
    names |= {PLACES, PARSING} if any(module.freshness for module in modules) else set()
    found: set[str] = set()
    while names:  # packages are imported too, with what they import
        found = found.union(*(closure(name, frozenset()) for name in names))
        names = {parent for name in found for parent in _parents(name)} - found
    files = {path: text for name in sorted(found) for path, text in _files(name)}
    return {path: text for path, text in files.items() if text.strip() or path.endswith("__init__.py")}


def _kinds(modules: Iterable[Module]) -> Iterator[str]:
    """Yield the files of the port kinds that values have: kinds of further packages are with these."""
    ids = {port.kind for module in modules for port in (*module.inputs, *module.outputs)} | {"table", "report"}
    for id in ids & kinds().keys():
        name = f"{PROJECT}.{FOLDER}.{id}"
        if Path(__file__).parents[1].joinpath(FOLDER, f"{id}.py").exists():
            yield name


def _parents(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def _files(name: str) -> Iterator[tuple[str, str]]:
    """Yield a module's file, and a file of data of the same name beside it."""
    file = file_of(name)
    parts = name.split(".")
    parts[0] = NAMES.get(parts[0], parts[0])
    path = "/".join(parts) + ("/__init__.py" if file.name == "__init__.py" else ".py")
    yield path, renamed(file.read_text())
    if (data := file.with_suffix(".json")).exists():
        yield path.removesuffix(".py") + ".json", data.read_text()


def renamed(text: str) -> str:
    """Return the text of a file with the project's packages under their other names, in imports and in names of modules."""
    lines = text.splitlines(keepends=True)
    for line, column, name in sorted(_places(ast.parse(text)), reverse=True):
        before, after = lines[line - 1].encode()[:column].decode(), lines[line - 1].encode()[column:].decode()
        lines[line - 1] = before + after.replace(name, NAMES[name], 1)
    return "".join(lines)


def _places(tree: ast.Module) -> Iterator[tuple[int, int, str]]:
    """Yield the line and column from which on the name of a package is next, and that name."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), level=0) if _is_inside(module):
                yield node.lineno, node.col_offset, _top(module)
            case ast.Import(names=names):
                yield from ((each.lineno, each.col_offset, _top(each.name)) for each in names if _is_inside(each.name))
            case ast.Constant(value=str(value)) if _is_inside(value) and "\n" not in value and " " not in value:
                yield node.lineno, node.col_offset, _top(value)


def _is_inside(name: str) -> bool:
    return _top(name) in NAMES


def _top(name: str) -> str:
    return name.partition(".")[0]


def requirements(
    files: Mapping[str, str], modules: Collection[Module], more: Collection[str] = (), code: Collection[str] = ()
) -> list[str]:
    """Return the distributions that the files need, pinned to the installed versions: what they import, what modules declare, and more.

    `code` are people's own scripts, which the modules run: what these import is needed too, as far as it is installed here.
    """
    imported = {name for path, text in files.items() if path.endswith(".py") for name in _needed(path, ast.parse(text))}
    imported |= {name for text in code for name in _imported_by(text)}
    known = packages_distributions()
    found = {known[name][0] for name in imported if name in known and name not in sys.stdlib_module_names}
    found |= {library for module in modules for library in module.libraries if extras.is_installed(library)}
    found |= {*more, *(beside for name, beside in BESIDE.items() if name in found and extras.is_installed(beside.replace("-", "_")))}
    return sorted(f"{name}=={_released(name)}" for name in {each.lower().replace("_", "-") for each in found})


def _released(name: str) -> str:
    """Return the installed version of a distribution without the label of its build, such as “+cpu”, which package indexes do not have."""
    return version(name).partition("+")[0]


def _imported_by(code: str) -> set[str]:
    """Return what a script imports anywhere; nothing for one that is no Python, which fails when it runs, as it does in Easel."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, MemoryError, RecursionError):  # the last two of expressions that are too deep
        return set()
    return set(_imports([node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]))


def _needed(path: str, tree: ast.Module) -> Iterator[str]:
    """Yield what a file imports; of a file beside the modules, when it is imported itself: much of such a file may not be called."""
    called = path.startswith((f"{PACKAGE}/modules/", f"{READERS}/"))
    yield from _imports([node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)] if called else tree.body)


def _imports(body: Iterable[ast.stmt]) -> Iterator[str]:
    """Yield the top-level packages that are imported when a file is; not those within functions and for types alone."""
    for node in body:
        match node:
            case ast.Import(names=names):
                yield from (each.name.partition(".")[0] for each in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]
            case ast.Try():
                yield from _imports(node.body)
