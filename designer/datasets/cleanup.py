"""Temporary files of uploads: locked while in use, removed when no process uses them."""

from __future__ import annotations

import fcntl
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from designer.datasets.parsing.room import UPLOAD
from pipelines import flow

if TYPE_CHECKING:
    from _typeshed import HasFileno

YOUNG = 2.0  # seconds, far more than between the creation of a received file and its lock


@contextmanager
def claimed(scratch: Path) -> Iterator[Path]:
    """A new file for the table of an upload, and beside it a folder for intermediate files; both are removed afterwards."""
    file = scratch.with_name(f"upload-{scratch.name}")
    try:
        with scratch.open("xb") as handle:
            claim(handle)
            scratch.rename(file)  # so that an unlocked table of an upload is unused, however young it is
            yield file
    finally:
        _remove(file)


def claim(handle: HasFileno) -> None:
    """Lock a file as in use by this process, for as long as it is open. The lock ends with the process."""
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def delete_abandoned_uploads() -> int:
    """Remove upload files that no process of this machine uses; returns how many. Makes no database query."""
    received = [file for file in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir() if not _is_young(file)]
    tables = [file for file in flow.scratch_files() if UPLOAD.fullmatch(file.name)]
    return sum(map(_forget, [*received, *tables]))


def _is_young(file: Path) -> bool:
    try:
        return file.stat().st_mtime > time.time() - YOUNG
    except OSError:
        return True


def _forget(file: Path) -> bool:
    try:
        with file.open("rb") as handle:
            claim(handle)
            _remove(file)
    except OSError:  # in use, gone, or not a file
        return False
    return True


def _remove(file: Path) -> None:
    with suppress(OSError):
        file.unlink(missing_ok=True)
    shutil.rmtree(file.with_name(file.name + ".parts"), ignore_errors=True)
