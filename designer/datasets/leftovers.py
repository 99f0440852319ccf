"""What a server that was killed left behind of uploads."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

OLD = 24 * 3600.0


def forget_uploads(older_than: float = OLD) -> int:
    """Remove files of uploads that nobody has written to for a day; returns how many."""
    gone, before = 0, time.time() - older_than
    for file in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        with suppress(OSError):
            if file.stat().st_mtime < before:
                file.unlink()
                gone += 1
    return gone
