"""Upload handling: a file is received into a locked temporary file, which cleanup leaves alone while it is in use."""

from __future__ import annotations

import errno
from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from designer.datasets.cleanup import claim
from designer.http import outages
from designer.http.errors import Refusal, unavailable

FULL = (errno.ENOSPC, errno.EDQUOT)


class UploadHandler(TemporaryFileUploadHandler):
    """Receives a file. A full disk is reported as a refusal."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        claim(self.file)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        try:
            return super().receive_data_chunk(raw_data, start)
        except OSError as wrong:
            self.file.close()
            if wrong.errno not in FULL:
                raise
            raise disk_full() from wrong


def disk_full() -> Refusal:
    """The refusal of a file that does not fit on the disk."""
    return unavailable(outages.FULL)
