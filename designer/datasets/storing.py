"""From an uploaded file to a table in the store, with nothing left behind whatever happens."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blake3 import blake3

from designer.datasets.child import read_in_child
from designer.datasets.parsing.formats import format_of
from pipelines import flow

LABEL = 200
Reader = Callable[[Path, str, Path], dict[str, Any]]


@dataclass(frozen=True)
class Stored:
    """A kept table: the fields of a version."""

    digest: str
    bytes: int
    rows: int
    columns: list[dict[str, Any]]
    file_name: str
    file_digest: str
    encoding: str | None
    notes: list[str]


def store_table(scope: str, file: Path, file_name: str, read: Reader | None = None) -> Stored:
    """Read a file and keep its table in a scope's store. The client's name for it is a label, never a path.

    Args:
        scope: Whose store.
        file: The bytes that came.
        file_name: What its sender called it.
        read: How it is read: in the child, unless told otherwise for a file of our own.

    Raises:
        Unreadable: With a sentence and a remedy.
    """
    format_ = format_of(file_name)
    store = flow.store(scope)
    out = store.scratch()
    try:
        found = (read or read_in_child)(file, format_, out)
        digest, size = store.keep(out)
    finally:
        out.unlink(missing_ok=True)
        shutil.rmtree(out.with_name(out.name + ".parts"), ignore_errors=True)
    label = "".join(char for char in file_name if char.isprintable())[-LABEL:]
    return Stored(digest, size, found["rows"], found["columns"], label, file_digest(file), found["encoding"], found["notes"])


def file_digest(file: Path) -> str:
    """What a file's bytes are known by."""
    return blake3().update_mmap(file).hexdigest()


def adopt(digest: str, from_scope: str, to_scope: str) -> None:
    """Have a kept file in another scope's store too: by a link where the disk can, so that it takes no room.

    Raises:
        Damaged: When the file is not sound where it comes from.
    """
    target = flow.store(to_scope)
    if target.has(digest):
        return
    source, link = flow.store(from_scope).path(digest), target.scratch()
    try:
        link.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, link)
    target.keep(link)
