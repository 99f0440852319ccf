"""How an uploaded file is received: into a file of its own, which no cleaning takes away while it is needed."""

from __future__ import annotations

import errno
from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from designer.datasets.cleanup import claim
from designer.http import outages
from designer.http.errors import Refusal, unavailable

FULL = (errno.ENOSPC, errno.EDQUOT)


class UploadHandler(TemporaryFileUploadHandler):
    """Receives a file. When the disk is full, that is said in words."""

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
    """The refusal of a file that the disk has no room for."""
    return unavailable(outages.FULL)
