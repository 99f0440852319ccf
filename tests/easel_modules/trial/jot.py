"""Jot: a value of a kind that Easel does not have."""

from __future__ import annotations

from pipelines.catalogue.module import module
from tests.easel_modules.kinds.note import Note


@module("Jot", columns=lambda **_: None)
def jot(*, text: str = "one\ntwo") -> Note:
    """Give a text as a note.

    Args:
        text: The text.

    Returns:
        The note.
    """
    return Note(text)
