"""The code that a module computes with: the project files that its file imports, at any depth."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.util import find_spec, resolve_name
from pathlib import Path

from pipelines.catalogue.code_file import Code, Import, code_of

PROJECT = "pipelines"
# They declare a module or report to the user; no value of a result comes from them.
DECLARATIONS = frozenset(
    f"{PROJECT}.catalogue.{name}" for name in ("errors", "extras", "kind", "lineage", "module", "params", "reporting", "shelf", "signature")
)


@cache
def digest(name: str) -> str:
    """Return a SHA-256 over the code of a Python module and of the project files that it imports. Comments and docstrings do not count."""
    return sha256("".join(_code(each).digest for each in sorted(closure(name))).encode()).hexdigest()


def closure(name: str, without: frozenset[str] = DECLARATIONS) -> frozenset[str]:
    """Return the names of a Python module and of the modules of Easel and of its own package that it imports, at any depth.

    An import of a package counts all modules in it, since a package finds them by itself.

    Args:
        name: The module.
        without: Modules that are passed over.
    """
    roots = {PROJECT, name.partition(".")[0]}
    found: set[str] = set()
    waiting = [name]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += [one for one in _imported(each) if one.partition(".")[0] in roots and one not in without]
    return frozenset(found)


@cache
def _imported(name: str) -> tuple[str, ...]:
    """The modules that a file imports, wherever in it."""
    return tuple(sorted({module for each in _code(name).imports for module in _named(each, name)}))


def _named(each: Import, importer: str) -> Iterator[str]:
    if each.names is None:
        yield each.module
        return
    base = base_of(each, importer)
    if base.partition(".")[0] not in (PROJECT, importer.partition(".")[0]):
        return
    found = inside(base)
    for name in each.names:
        yield from [f"{base}.{name}"] if name in found else [base, *(f"{base}.{each}" for each in found)]


@cache
def _code(name: str) -> Code:
    return code_of(file_of(name))


def base_of(node: ast.ImportFrom | Import, importer: str) -> str:
    """Return the module that a file imports names from."""
    package = importer if file_of(importer).name == "__init__.py" else importer.rpartition(".")[0]
    return resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module or ""


@cache
def inside(name: str) -> frozenset[str]:
    """Return the names of the modules of a package; empty for a file."""
    file = file_of(name)
    if file.name != "__init__.py":
        return frozenset()
    return frozenset(each.parent.name if each.name == "__init__.py" else each.stem for each in file.parent.glob("*.py") if each != file) | {
        each.parent.name for each in file.parent.glob("*/__init__.py")
    }


@cache
def tree_of(name: str) -> ast.Module:
    """Return the syntax tree of a Python module."""
    return ast.parse(file_of(name).read_bytes())


def file_of(name: str) -> Path:
    """Return the file of a Python module."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"There is no file of {name}.")
    return Path(spec.origin)
