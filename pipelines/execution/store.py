"""Artifact store: files named by the BLAKE3 hash of their bytes, one folder per workspace."""

from __future__ import annotations

import ctypes
import fcntl
import io
import os
import shutil
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from blake3 import blake3

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

LARGE = 4 * 1024 * 1024
PIECE = 512 * 1024
SYNC_FILE_RANGE_WRITE = 2  # starts writing to the disk without waiting
_libc = ctypes.CDLL(None)
_libc.sync_file_range.argtypes = (ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint)


class Damaged(Exception):
    """A stored file is missing, or its bytes do not match its digest."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a store: `since` is when it was last stored, in seconds since the epoch."""

    digest: str
    bytes: int
    since: float


class StoreUnavailable(OSError):
    """The store does not answer, or not correctly; the request itself may be valid."""


class Store(Protocol):
    """A store of finished files."""

    def scratch(self) -> Path:
        """Return a new path on the store's own disk, for a file that is stored later."""

    def aside(self, name: str) -> Path:
        """Return the path of a scratch file with a name; its folder may not exist yet."""

    def keep(self, file: Path, digest: str | None = None) -> tuple[str, int]:
        """Move a scratch file into the store, durably; returns digest and size in bytes. Pass the digest if it is known."""

    def keep_bytes(self, data: bytes) -> tuple[str, int]:
        """Store bytes, as `keep` does; an existing file is not written again."""

    def renew(self, digest: str) -> bool:
        """Let a stored file count as stored now; returns whether it is present and sound."""

    def path(self, digest: str) -> Path:
        """Return a local path to a stored file, verified against its digest.

        Raises:
            Damaged: When the file is missing or does not match its digest.
        """

    def has(self, digest: str) -> bool:
        """Return whether a stored file is present and sound, as far as that shows without a download; may read all of it."""

    def known(self, digest: str) -> bool | None:
        """Return the answer of `has` if it is available at once, else None. For callers that others wait for."""

    def files(self) -> Iterator[StoredFile]:
        """Yield every stored file."""

    def remove(self, digests: Collection[str], before: float) -> tuple[int, int]:
        """Delete those of these files that were not stored again since a time; returns their number and bytes."""

    def drop(self) -> None:
        """Delete the whole store for good."""


class ScratchFile(io.FileIO):
    """A scratch file, written from beginning to end and then stored. On exit it is deleted unless it was stored.

    Its bytes are hashed while they are in memory, and written to the disk while the next ones are computed.
    """

    def __init__(self, store: Store) -> None:
        self._store, self._path = store, store.scratch()
        self._hasher = blake3()
        self._written = self._on_the_way = 0
        super().__init__(self._path, "xb")

    def write(self, data: Buffer) -> int:
        left = view = memoryview(data)
        while left:
            written = super().write(left[:PIECE])
            self._hasher.update(left[:written])
            left = left[written:]
        self._written += len(view)
        if (more := self._written - self._on_the_way) >= LARGE:
            _libc.sync_file_range(self.fileno(), self._on_the_way, more, SYNC_FILE_RANGE_WRITE)
            self._on_the_way = self._written
        return len(view)

    def keep(self) -> tuple[str, int]:
        """Store the file, as `Store.keep`."""
        met_all = self._written == os.fstat(self.fileno()).st_size  # a library may write to the descriptor itself
        return self._store.keep(self._path, self._hasher.hexdigest() if met_all else None)

    def __exit__(self, *_: object) -> None:
        self.close()
        self._path.unlink(missing_ok=True)


class LocalStore(Store):
    """A folder. A file is written to scratch, synced, then renamed to its digest: readers see all of it or nothing."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._seen: dict[str, tuple[tuple[int, int, int], bool]] = {}

    def scratch(self) -> Path:
        file = self.aside(uuid4().hex)
        file.parent.mkdir(parents=True, exist_ok=True)
        return file

    def aside(self, name: str) -> Path:
        return Path(f"{self._root}/scratch/{name}")

    def keep(self, file: Path, digest: str | None = None) -> tuple[str, int]:
        with file.open("rb+") as handle:
            size = os.fstat(handle.fileno()).st_size
            if size > LARGE and not digest:
                with ThreadPoolExecutor(1) as syncer:  # the disk writes while the processor hashes
                    synced = syncer.submit(os.fsync, handle.fileno())
                    digest = _digest(file)
                    synced.result()  # raises if the disk is full or broken
            else:
                digest = digest or _digest(file)
                if size <= LARGE and self.renew(digest):
                    file.unlink()
                    return digest, size
                os.fsync(handle.fileno())
            os.utime(handle.fileno())  # stored now, whenever it was written
        target = self._place(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        with self._locked(fcntl.LOCK_SH):
            file.replace(target)
        _sync_folder(target.parent)
        self._seen[digest] = (_stamp(target), True)
        return digest, size

    def keep_bytes(self, data: bytes) -> tuple[str, int]:
        digest = blake3(data).hexdigest()
        if self.renew(digest):
            return digest, len(data)
        file = self.scratch()
        try:
            file.write_bytes(data)
            return self.keep(file, digest)
        finally:
            file.unlink(missing_ok=True)

    def renew(self, digest: str) -> bool:
        place = self._place(digest)
        with suppress(OSError), self._locked(fcntl.LOCK_SH):
            if self.has(digest):
                os.utime(place)
                self._seen[digest] = (_stamp(place), True)
                return True
        return False

    def path(self, digest: str) -> Path:
        if not self.has(digest):
            raise Damaged(digest)
        return self._place(digest)

    def has(self, digest: str) -> bool:
        place = self._place(digest)
        try:
            stamp = _stamp(place)
            seen = self._seen.get(digest)
            if seen is None or seen[0] != stamp:
                seen = self._seen[digest] = (stamp, _digest(place) == digest)
        except OSError:
            return False
        return seen[1]

    def known(self, digest: str) -> bool | None:
        try:
            stamp = _stamp(self._name(digest))
        except OSError:
            return False
        seen = self._seen.get(digest)
        if seen is not None and seen[0] == stamp:
            return seen[1]
        return None if stamp[1] > LARGE else self.has(digest)

    def files(self) -> Iterator[StoredFile]:
        for folder in self._root.glob("[0-9a-f][0-9a-f]/"):
            with suppress(FileNotFoundError), os.scandir(folder) as entries:
                for entry in entries:
                    with suppress(FileNotFoundError):
                        facts = entry.stat()
                        yield StoredFile(entry.name, facts.st_size, facts.st_mtime)

    def remove(self, digests: Collection[str], before: float) -> tuple[int, int]:
        files, size = 0, 0
        for digest in digests:
            place = self._place(digest)
            with suppress(FileNotFoundError), self._locked(fcntl.LOCK_EX):  # no process stores it between check and deletion
                facts = place.stat()
                if facts.st_mtime < before:
                    place.unlink()
                    files, size = files + 1, size + facts.st_size
            self._seen.pop(digest, None)
        return files, size

    def drop(self) -> None:
        self._seen.clear()
        with suppress(FileNotFoundError):
            shutil.rmtree(self._root)

    def forget_scratch(self, older_than: float) -> None:
        """Delete scratch files last written before a time, in seconds since the epoch: their writers are dead."""
        for file in (self._root / "scratch").glob("*"):
            with suppress(FileNotFoundError):
                if file.stat().st_mtime < older_than:
                    shutil.rmtree(file) if file.is_dir() else file.unlink()

    def _name(self, digest: str) -> str:
        return f"{self._root}/{digest[:2]}/{digest}"  # for a thousand files at once, creating a Path takes longer than the system call

    def _place(self, digest: str) -> Path:
        return Path(self._name(digest))

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        with (self._root / "lock").open("a") as lock:
            fcntl.flock(lock, how)
            yield


def _digest(file: Path) -> str:
    """Hash a file in pieces: a mapped file would count as memory of the process."""
    size = file.stat().st_size
    hasher = blake3(max_threads=blake3.AUTO if size > LARGE else 1)
    piece = memoryview(bytearray(min(size, LARGE)))
    with file.open("rb", buffering=0) as source:
        while read := source.readinto(piece):
            hasher.update(piece[:read])
    return hasher.hexdigest()


def _stamp(path: Path | str) -> tuple[int, int, int]:
    facts = os.stat(path)  # noqa: PTH116  avoids creating a Path
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
