"""Ingest: from an uploaded file to a table in the store; temporary files are removed in every case."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from blake3 import blake3

from designer.datasets.cleanup import claimed
from designer.datasets.parser_process import parse_in_child
from designer.datasets.parsing.formats import format_of
from designer.datasets.parsing.parse import DEFAULT, Options
from designer.datasets.parsing.room import disk_full
from pipelines import flow
from pipelines.flow import Store

LABEL = 200
Reader = Callable[[Path, str, Path, Options], dict[str, Any]]


@dataclass(frozen=True)
class Stored:
    """A stored table: the fields of a version."""

    digest: str
    bytes: int
    rows: int
    columns: list[dict[str, Any]]
    file_name: str
    file_digest: str
    encoding: str | None
    notes: list[str]
    reading: dict[str, Any]


def store_table(scope: str, file: Path, file_name: str, read: Reader | None = None, options: Options = DEFAULT) -> Stored:
    """Parse a file and store its table. The client's file name is a label, never a path.

    Args:
        scope: The store's scope.
        file: The uploaded bytes.
        file_name: The client's name for the file.
        read: The parser: the child process, unless the file is one of ours.
        options: The parsing options and limits.

    Raises:
        Unreadable: With a sentence and a remedy.
    """
    format_ = format_of(file_name)
    store = flow.store(scope)
    with claimed(store.scratch()) as out:
        found = (read or parse_in_child)(file, format_, out, options)
        digest, size = _keep(store, scope, out)
    label = "".join(char for char in file_name if char.isprintable())[-LABEL:]
    reading = msgspec.to_builtins(options.rules)
    return Stored(digest, size, found["rows"], found["columns"], label, file_digest(file), found["encoding"], found["notes"], reading)


def _keep(store: Store, scope: str, out: Path) -> tuple[str, int]:
    """Store a table. It is counted before the move: a concurrent upload counts it in one place or the other, never in none."""
    size = out.stat().st_size
    flow.record_dataset(scope, size)
    try:
        return store.keep(out)
    except BaseException as wrong:
        flow.record_dataset(scope, -size)
        if isinstance(wrong, OSError) and wrong.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full() from wrong
        raise


def file_digest(file: Path) -> str:
    """The digest of a file's bytes."""
    return blake3().update_mmap(file).hexdigest()
