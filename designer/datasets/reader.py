"""Reads files that pipelines fetch, with the parser, the limits and the checks of uploads. Workers find it by `EASEL_FILE_READER`."""

from __future__ import annotations

from pathlib import Path

from designer.datasets.parser_process import parse_in_child
from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.formats import format_of
from pipelines.catalogue.errors import ModuleError


class Reader:
    """The parser of uploads, for files of another origin."""

    def format_of(self, file_name: str) -> str | None:
        """The format of a file name's ending; None for an unknown one."""
        try:
            return format_of(file_name)
        except Unreadable:
            return None

    def read(self, file: Path, format_: str, out: Path) -> list[str]:
        """Write the file's table as an Arrow file, and return notes on how its text was read.

        Raises:
            ModuleError: With the sentence and the remedy that an upload of the file would get.
        """
        try:
            notes: list[str] = parse_in_child(file, format_, out)["notes"]
        except Unreadable as wrong:
            raise ModuleError(wrong.code, wrong.words, remedy=wrong.remedy) from wrong
        return notes


READER = Reader()
