"""The sample pipelines: document files in this folder."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from designer.documents.schemas import Graph
from pipelines.flow import dump, read

FOLDER = Path(__file__).parent / "samples"


class Sample(msgspec.Struct, frozen=True):
    """A sample that can be copied."""

    slug: str
    title: str
    summary: str
    modules: int
    graph: Graph

    @property
    def document(self) -> Any:
        """The graph as JSON, which it is."""
        return self.graph


@cache
def samples() -> dict[str, Sample]:
    """All samples by slug, in the order of their file names."""
    return {sample.slug: sample for sample in map(_read, sorted(FOLDER.glob("*.json")))}


def _read(file: Path) -> Sample:
    """A file is a document, or an object of title, summary and graph."""
    held = json.loads(file.read_text())
    graph: Any = dump(read(held.get("graph", held)))
    summary = held.get("summary") or _first_words(graph)
    return Sample(file.stem, held.get("title") or graph["name"], summary, len(graph["nodes"]), graph)


def _first_words(graph: dict[str, Any]) -> str:
    """A document without a summary uses the start of its first note."""
    texts = (note.get("text", "") for note in graph["notes"] if isinstance(note, dict))
    return next((text.strip().splitlines()[0] for text in texts if text.strip()), "")
