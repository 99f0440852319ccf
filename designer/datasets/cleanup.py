"""Files that uploads are received in and read into: claimed while somebody needs them, removed once nobody does."""

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

YOUNG = 2.0  # seconds, far more than between the making of a received file and its claim


@contextmanager
def claimed(scratch: Path) -> Iterator[Path]:
    """A new file for the table of an upload, and beside it the folder of what is written on the way; both are gone afterwards."""
    file = scratch.with_name(f"upload-{scratch.name}")
    try:
        with scratch.open("xb") as handle:
            claim(handle)
            scratch.rename(file)  # so that a table of an upload that nobody claims is one that nobody needs, however young
            yield file
    finally:
        _remove(file)


def claim(handle: HasFileno) -> None:
    """Mark a file as needed by this process, for as long as it is open. The mark of a process that died is gone with it."""
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def delete_abandoned_uploads() -> int:
    """Remove files of uploads that no process of this machine needs any more; returns how many. The database is not asked."""
    received = [file for file in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir() if not _is_young(file)]
    tables = [file for file in flow.set_aside() if UPLOAD.fullmatch(file.name)]
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
