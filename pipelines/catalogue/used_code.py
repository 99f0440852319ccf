"""What the code of a function uses, by name: functions, classes and values of the project's files, at any depth."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from pipelines.catalogue.source import PROJECT, base_of, file_of, inside, tree_of

Used = tuple[str, str]


def used_code(module: str, name: str) -> set[Used]:
    """Return the modules and names that a function uses, itself included; its decorators do not count.

    What a package finds by itself counts as used when a name of the package is.
    """
    found: set[Used] = set()
    waiting = [(module, name)]
    while waiting:
        each = waiting.pop()
        if each not in found and each[1] in bindings(each[0]):
            found.add(each)
            waiting += _uses(*each)
    return found


@cache
def bindings(module: str) -> dict[str, list[ast.stmt]]:
    """Return the statements of a file that bind a name, by name."""
    found: dict[str, list[ast.stmt]] = {}
    for statement in tree_of(module).body:
        for name in _bound(statement):
            found.setdefault(name, []).append(statement)
    return found


def _bound(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign() | ast.AnnAssign():
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            return [node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]
    return []


@cache
def _uses(module: str, name: str) -> tuple[Used, ...]:
    imports, found = _imports(module), set[Used]()
    for node in (node for statement in bindings(module)[name] for node in _walk(statement)):
        match node:
            case ast.Attribute(value=ast.Name(id=alias), attr=attribute) if alias in imports and imports[alias][1] in inside(
                imports[alias][0]
            ):
                found.add((".".join(imports[alias]), attribute))
            case ast.Name(id=used):
                found.add(imports.get(used, (module, used)))
    if file_of(module).name == "__init__.py":
        files = [f"{module}.{each}" for each in inside(module)]
        found |= {(file, other) for file in files for other in bindings(file)}
    return tuple(each for each in found if each[1] not in inside(each[0]))


@cache
def _imports(module: str) -> dict[str, Used]:
    """The names of the project that a file imports, wherever in it."""
    roots = {PROJECT, module.partition(".")[0]}
    return {
        alias.asname or alias.name: (base, alias.name)
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.ImportFrom) and (base := base_of(node, module)).partition(".")[0] in roots
        for alias in node.names
    }


def _walk(statement: ast.stmt) -> Iterator[ast.AST]:
    """The nodes of a statement, without the decorators of a function."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        for part in (statement.args, *statement.body, *filter(None, [statement.returns])):
            yield from ast.walk(part)
    else:
        yield from ast.walk(statement)
