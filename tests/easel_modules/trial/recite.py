"""Recite: read a value of a kind that Easel does not have."""

from __future__ import annotations

import polars as pl

from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Frame
from tests.easel_modules.kinds.note import Note


@module("Recite", columns=lambda *_, **__: None)
def recite(note: Note) -> Frame:
    """Give the lines of a note as rows.

    Args:
        note: Any note.

    Returns:
        One row for each line.
    """
    return pl.DataFrame({"line": note.text.splitlines()}, schema={"line": pl.String})
