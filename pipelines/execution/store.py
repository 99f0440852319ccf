"""Where results are kept: files named by the BLAKE3 of their bytes, one folder a workspace."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import fsspec
from blake3 import blake3

LARGE = 4 * 1024 * 1024


class Damaged(Exception):
    """A stored file is missing, or its bytes are not those it is named by."""


class Store(Protocol):
    """A place for finished files."""

    def scratch(self) -> Path:
        """A new path, on the store's own disk, to write a file to before it is kept."""

    def keep(self, file: Path) -> tuple[str, int]:
        """Take a scratch file in for good, durably; returns its digest and size in bytes."""

    def path(self, digest: str) -> Path:
        """A local path to a kept file's bytes, checked against the digest.

        Raises:
            Damaged: When the file is gone or is not what its name says.
        """

    def has(self, digest: str) -> bool:
        """Whether a kept file is there and sound."""
        try:
            self.path(digest)
        except Damaged:
            return False
        return True

    def drop(self) -> None:
        """Remove the whole store for good."""


class LocalStore(Store):
    """A folder. A file is written aside, synced, then renamed to its digest; who reads it sees all of it or nothing."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._sound: dict[str, tuple[int, int, int]] = {}

    def scratch(self) -> Path:
        folder = self._root / "scratch"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / uuid4().hex

    def keep(self, file: Path) -> tuple[str, int]:
        with file.open("rb+") as handle:
            size = os.fstat(handle.fileno()).st_size
            if size > LARGE:
                with ThreadPoolExecutor(1) as syncer:  # the disk writes while the processor hashes
                    synced = syncer.submit(os.fsync, handle.fileno())
                    digest = _digest(file)
                    synced.result()  # a disk that is full or broken says so here
            else:
                digest = _digest(file)
                os.fsync(handle.fileno())
        target = self._place(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)
        _sync_folder(target.parent)
        self._sound[digest] = _stamp(target)
        return digest, size

    def path(self, digest: str) -> Path:
        place = self._place(digest)
        try:
            stamp = _stamp(place)
            if self._sound.get(digest) != stamp:
                if _digest(place) != digest:
                    raise Damaged(digest)
                self._sound[digest] = stamp
        except OSError as missing:
            raise Damaged(digest) from missing
        return place

    def drop(self) -> None:
        self._sound.clear()
        with suppress(FileNotFoundError):
            shutil.rmtree(self._root)

    def forget_scratch(self, older_than: float) -> None:
        """Remove scratch files last written before a time (seconds since the epoch): their writers are dead."""
        for file in (self._root / "scratch").glob("*"):
            with suppress(FileNotFoundError):
                if file.stat().st_mtime < older_than:
                    shutil.rmtree(file) if file.is_dir() else file.unlink()

    def _place(self, digest: str) -> Path:
        return self._root / digest[:2] / digest


class RemoteStore(Store):
    """A folder of any file system that fsspec knows, such as s3://bucket/easel, with a local folder of copies before it."""

    def __init__(self, url: str, copies: Path) -> None:
        self._copies = LocalStore(copies)
        self._files, self._root = fsspec.core.url_to_fs(url)

    def scratch(self) -> Path:
        return self._copies.scratch()

    def keep(self, file: Path) -> tuple[str, int]:
        digest, size = self._copies.keep(file)
        if not self._files.exists(self._place(digest)):
            self._files.makedirs(self._place(digest).rpartition("/")[0], exist_ok=True)
            self._files.put_file(str(self._copies.path(digest)), self._place(digest))
        return digest, size

    def path(self, digest: str) -> Path:
        if not self._copies.has(digest):
            fetched = self._copies.scratch()
            try:
                self._files.get_file(self._place(digest), str(fetched))
            except OSError as missing:
                raise Damaged(digest) from missing
            if self._copies.keep(fetched)[0] != digest:
                self._files.rm_file(self._place(digest))  # so that whoever makes it anew may put it there
                raise Damaged(digest)
        return self._copies.path(digest)

    def drop(self) -> None:
        """Copies that other machines made of its files stay there, where nobody asks for them."""
        self._copies.drop()
        if self._files.exists(self._root):
            self._files.rm(self._root, recursive=True)

    def _place(self, digest: str) -> str:
        return f"{self._root}/{digest[:2]}/{digest}"


def _digest(file: Path) -> str:
    threads = blake3.AUTO if file.stat().st_size > LARGE else 1
    return blake3(max_threads=threads).update_mmap(file).hexdigest()


def _stamp(path: Path) -> tuple[int, int, int]:
    facts = path.stat()
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
