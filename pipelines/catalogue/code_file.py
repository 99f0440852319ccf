"""What counts of a file of code: its syntax tree without docstrings, as a digest, and its imports.

Parsing all files of the catalogue takes two seconds of processor time, so this is kept beside the file's bytecode, for exactly its content.
"""

from __future__ import annotations

import ast
import os
import sys
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path

import msgspec

DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


class Import(msgspec.Struct, frozen=True):
    """An import as it is written; without `names` it imports the module itself."""

    module: str
    level: int = 0
    names: tuple[str, ...] | None = None


class Code(msgspec.Struct, frozen=True):
    """What counts of a file; `made_from` is a digest of the file and of what read it."""

    made_from: str
    digest: str
    imports: tuple[Import, ...]


def code_of(file: Path) -> Code:
    """Return what counts of a file of code."""
    text = file.read_bytes()
    made_from = sha256(_reader() + text).hexdigest()
    kept = Path(cache_from_source(str(file))).with_suffix(".code")
    with suppress(OSError, msgspec.MsgspecError):
        if (known := msgspec.json.decode(kept.read_bytes(), type=Code)).made_from == made_from:
            return known
    code = _read(text, made_from)
    if not sys.dont_write_bytecode:
        _keep(code, kept)
    return code


@cache
def _reader() -> bytes:
    """What else decides on the result: this file, and Python, whose parser makes the syntax tree."""
    return sys.version.encode() + Path(__file__).read_bytes()


def _read(text: bytes, made_from: str) -> Code:
    tree, imports = ast.parse(text), []
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
        elif isinstance(node, ast.Import):
            imports += [Import(alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imports.append(Import(node.module or "", node.level, tuple(alias.name for alias in node.names)))
    return Code(made_from, sha256(ast.dump(tree).encode()).hexdigest(), tuple(imports))


def _keep(code: Code, kept: Path) -> None:
    """Written aside and renamed, so that no process reads half of it; a folder that cannot be written to keeps nothing."""
    with suppress(OSError):
        kept.parent.mkdir(exist_ok=True)
        aside = kept.with_name(f"{kept.name}.{os.getpid()}")
        aside.write_bytes(msgspec.json.encode(code))
        aside.replace(kept)
