"""The installation's artifact stores, and the values that this process holds in memory."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from urllib.parse import urlparse

import fsspec
from cachetools import LRUCache
from django.conf import settings

from pipelines.catalogue.ports import Table
from pipelines.execution.codecs import Value, load
from pipelines.execution.output import Output
from pipelines.execution.remote import RemoteStore
from pipelines.execution.store import LocalStore, Store

MOST_BYTES_IN_MEMORY = 512 * 1024 * 1024
MAPPED = 16  # a mapped table counts for its size divided by this


@cache
def store(scope: str) -> Store:
    """Return the store of a workspace or of the samples, below EASEL_STORE_URL: file:///folder or any URL that fsspec supports."""
    url = urlparse(settings.EASEL_STORE_URL)
    if url.scheme == "file":
        return LocalStore(Path(url.path) / scope)
    return RemoteStore(
        f"{settings.EASEL_STORE_URL.rstrip('/')}/{scope}", settings.EASEL_HOME / "copies" / scope, settings.EASEL_COPIES_LIMIT
    )


def link(output: Output, from_scope: str, to_scope: str) -> None:
    """Add a stored file to another scope's store: as a hard link where the disk allows it, so that it uses no space.

    Raises:
        Damaged: When the source file is damaged.
    """
    target = store(to_scope)
    if target.has(output.digest):
        return
    source, scratch = store(from_scope).path(output.digest), target.scratch()
    try:
        scratch.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, scratch)
    target.keep(scratch)


os.register_at_fork(after_in_child=store.cache_clear)  # the threads of a remote store's client do not survive a fork


def load_client() -> None:
    """Import the client of the installation's store: half a second for S3, which no step should wait for."""
    fsspec.get_filesystem_class(urlparse(settings.EASEL_STORE_URL).scheme)


def delete_unfinished(older_than: float = 24 * 3600.0) -> None:
    """Delete scratch files of dead writers in this machine's stores once they are older than this, in seconds."""
    for folder in _stores():
        LocalStore(folder).forget_scratch(time.time() - older_than)


def scratch_files() -> Iterator[Path]:
    """Yield the scratch files in this machine's stores, finished or not."""
    for folder in _stores():
        yield from folder.glob("scratch/*")


def _stores() -> Iterator[Path]:
    url = urlparse(settings.EASEL_STORE_URL)
    root = Path(url.path) if url.scheme == "file" else settings.EASEL_HOME / "copies"
    return root.glob("*/")


class ValueCache:
    """LRU cache of values that this process computed or read, so that the next step of a chain need not read them again."""

    def __init__(self, most_bytes: int = MOST_BYTES_IN_MEMORY) -> None:
        self._kept: LRUCache[tuple[str, str], tuple[Value, int]] = LRUCache(most_bytes, getsizeof=lambda kept: kept[1])

    def put(self, scope: str, output: Output, value: Value) -> None:
        """Cache a value, unless it is larger than the cache; the least recently used ones are evicted."""
        size = output.bytes
        if isinstance(value, Table) and value.kept is not None:  # mapped from a file, whose memory the kernel can reclaim
            size //= MAPPED
        with suppress(ValueError):
            self._kept[scope, output.content] = (value, size)

    def get(self, scope: str, output: Output) -> Value:
        """Return the value of an output, from memory or else from the store.

        Raises:
            Damaged: When the stored bytes are missing or changed.
        """
        with suppress(KeyError):
            return self._kept[scope, output.content][0]
        value = load(output, store(scope))
        self.put(scope, output, value)
        return value
