"""From an uploaded file to a table in the store, with nothing left behind whatever happens."""

from __future__ import annotations

import errno
import shutil
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
    """A kept table: the fields of a version."""

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
    """Read a file and keep its table in a scope's store. The client's name for it is a label, never a path.

    Args:
        scope: Whose store.
        file: The bytes that came.
        file_name: What its sender called it.
        read: How it is read: in the child, unless told otherwise for a file of our own.
        options: What is asked for beside the file.

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
    """Keep a table. It is counted before: an upload that is read at the same time counts it in one place or the other, never in none."""
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
