"""Remote store: a file system that fsspec supports, such as S3, with a bounded local cache."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec

from pipelines.execution.store import LARGE, Damaged, LocalStore, Store, StoredFile, StoreUnavailable

# Protocols where a file becomes visible only once complete; elsewhere it is written to scratch and moved.
WHOLE_AT_ONCE = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "az", "memory"})
FRESH_SECONDS = 600.0
TRUST_SECONDS = 60.0
IN_USE_SECONDS = 120.0


class RemoteStore(Store):
    """A remote folder, such as s3://bucket/easel. Files count as sound until they are read and verified; damaged ones are then deleted.

    Args:
        url: The remote folder, as fsspec writes it.
        copies: The local folder of copies.
        most_copies: The maximum size, in bytes, of this folder and its siblings together.
    """

    def __init__(self, url: str, copies: Path, most_copies: int | None = None) -> None:
        self._copies = LocalStore(copies)
        self._bounded = BoundedCache(copies.parent, most_copies)
        self._files, self._root = fsspec.core.url_to_fs(url, use_listings_cache=False)
        self._met: dict[str, tuple[float, bool]] = {}  # when each was last checked, and whether it existed

    def scratch(self) -> Path:
        return self._copies.scratch()

    def aside(self, name: str) -> Path:
        return self._copies.aside(name)

    def keep(self, file: Path, digest: str | None = None) -> tuple[str, int]:
        return self._put_far(*self._copies.keep(file, digest))

    def keep_bytes(self, data: bytes) -> tuple[str, int]:
        return self._put_far(*self._copies.keep_bytes(data))

    def renew(self, digest: str) -> bool:
        try:
            size = self.path(digest).stat().st_size
        except Damaged:
            return False
        self._copies.renew(digest)
        self._put_far(digest, size)
        return True

    def _put_far(self, digest: str, size: int) -> tuple[str, int]:
        with _store_errors():
            if size <= LARGE or not self._is_fresh(digest, size):
                self._put(digest)
        self._met[digest] = (time.monotonic(), True)
        self._bounded.added(size)
        return digest, size

    def path(self, digest: str) -> Path:
        if not self._copies.has(digest):
            with _store_errors():
                self._fetch(digest)
        copy = self._copies.path(digest)
        self._bounded.used(copy)
        return copy

    def has(self, digest: str) -> bool:
        facts = self._facts(digest)
        there = facts is not None
        if self._copies.has(digest):
            size = self._copies.path(digest).stat().st_size
            if facts is None or facts["size"] != size:
                self._put(digest)
            there = True
        self._met[digest] = (time.monotonic(), there)
        return there

    def known(self, digest: str) -> bool | None:
        met, there = self._met.get(digest, (0.0, False))
        return there if met and time.monotonic() - met < TRUST_SECONDS else None

    def files(self) -> Iterator[StoredFile]:
        for folder in self._list(self._root):
            for facts in self._list(folder["name"]) if _is_part(folder["name"]) else ():
                yield StoredFile(facts["name"].rpartition("/")[2], facts["size"], _since(facts))

    def remove(self, digests: Collection[str], before: float) -> tuple[int, int]:
        """Lists and deletes part by part, so that little time passes between check and deletion."""
        files, size, doomed = 0, 0, set(digests)
        for part in sorted({digest[:2] for digest in doomed}):
            going = {
                facts["name"]: facts["size"]
                for facts in self._list(f"{self._root}/{part}")
                if facts["name"].rpartition("/")[2] in doomed and _since(facts) < before
            }
            if going:
                self._files.rm(list(going))
            files, size = files + len(going), size + sum(going.values())
        for digest in doomed:
            self._met.pop(digest, None)
        self._copies.remove(doomed, before)
        return files, size

    def drop(self) -> None:
        """Copies on other machines stay there until they are evicted."""
        self._copies.drop()
        self._met.clear()
        if self._files.exists(self._root):
            self._files.rm(self._root, recursive=True)

    def _fetch(self, digest: str) -> None:
        fetched = self._copies.scratch()
        facts = self._facts(digest)
        if facts is None:
            raise Damaged(digest)
        try:
            self._files.get_file(self._place(digest), str(fetched))
            if (came := fetched.stat().st_size) != facts["size"]:
                raise OSError(f"only {came} of the {facts['size']} bytes of {digest} came from the store")
            found, size = self._copies.keep(fetched)
        except FileNotFoundError as missing:
            raise Damaged(digest) from missing
        finally:
            fetched.unlink(missing_ok=True)
        if found != digest:
            self._met[digest] = (time.monotonic(), False)
            with suppress(FileNotFoundError):
                self._files.rm_file(self._place(digest))  # so that it can be stored again
            raise Damaged(digest)
        self._bounded.added(size)

    def _put(self, digest: str) -> None:
        copy, place = str(self._copies.path(digest)), self._place(digest)
        if self._protocols() & WHOLE_AT_ONCE:
            try:
                self._files.put_file(copy, place)
            except FileNotFoundError:  # the bucket does not exist yet
                self._files.makedirs(place.rpartition("/")[0], exist_ok=True)
                self._files.put_file(copy, place)
            return
        aside = f"{self._root}/scratch/{uuid4().hex}"
        self._files.put_file(copy, aside)
        self._files.makedirs(place.rpartition("/")[0], exist_ok=True)
        self._files.mv(aside, place)

    def _is_fresh(self, digest: str, size: int) -> bool:
        """Return whether the same file was stored so recently that no garbage collection can be about to delete it."""
        facts = self._facts(digest)
        return facts is not None and facts["size"] == size and time.time() - _since(facts) < FRESH_SECONDS

    def _facts(self, digest: str) -> Mapping[str, Any] | None:
        try:
            facts: Mapping[str, Any] = self._files.info(self._place(digest))
        except FileNotFoundError:
            return None
        return facts

    def _list(self, folder: str) -> list[Mapping[str, Any]]:
        try:
            listed: list[Mapping[str, Any]] = self._files.ls(folder, detail=True)
        except FileNotFoundError:
            return []
        return listed

    def _protocols(self) -> set[str]:
        protocol: str | tuple[str, ...] = self._files.protocol
        return {protocol} if isinstance(protocol, str) else set(protocol)

    def _place(self, digest: str) -> str:
        return f"{self._root}/{digest[:2]}/{digest}"


@contextmanager
def _store_errors() -> Iterator[None]:
    """Raise every failure of the remote file system or the network as Away; each file system has its own exceptions."""
    try:
        yield
    except (Damaged, PermissionError):
        raise
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT):  # the disk of the local copies
            raise
        raise StoreUnavailable(str(fault)) from fault
    except Exception as fault:
        raise StoreUnavailable(str(fault)) from fault


class BoundedCache:
    """Keeps a folder of stores near a maximum size: the least recently used file goes first. Open files stay readable."""

    def __init__(self, root: Path, most: int | None) -> None:
        self._root, self._most = root, most
        self._added: int | None = None

    def used(self, file: Path) -> None:
        """Mark a file as used now; access times of the file system are often switched off."""
        facts = file.stat()
        if time.time() - facts.st_atime > IN_USE_SECONDS / 2:
            os.utime(file, ns=(time.time_ns(), facts.st_mtime_ns))

    def added(self, size: int) -> None:
        """Count a new file; scans the folder at the first call, and then once in a while."""
        if self._most is None:
            return
        self._added = None if self._added is None else self._added + size
        if self._added is None or self._added > self._most / 20:
            self._added = 0
            self._make_room(self._most)

    def _make_room(self, most: int) -> None:
        found = []
        for folder in self._root.glob("*/[0-9a-f][0-9a-f]/"):
            with suppress(FileNotFoundError), os.scandir(folder) as entries:
                for entry in entries:
                    facts = entry.stat()
                    found.append((facts.st_atime, facts.st_size, Path(entry.path)))
        total = sum(size for _, size, _ in found)
        for used_at, size, file in sorted(found) if total > most else ():
            if total <= most * 0.9 or time.time() - used_at < IN_USE_SECONDS:
                break
            file.unlink(missing_ok=True)
            total -= size


def _is_part(name: str) -> bool:
    part = name.rstrip("/").rpartition("/")[2]
    return len(part) == 2 and set(part) <= set("0123456789abcdef")


def _since(facts: Mapping[str, Any]) -> float:
    """Return when a remote file was last written; without a time from the file system it counts as new, and stays."""
    for name in ("LastModified", "last_modified", "mtime", "created"):
        match facts.get(name):
            case datetime() as moment:
                return moment.timestamp()
            case int() | float() as seconds:
                return float(seconds)
    return time.time()
