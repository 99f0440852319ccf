"""The sample pipelines: document files in this folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.flow import dump, read

FOLDER = Path(__file__).parent / "samples"


@dataclass(frozen=True)
class Sample:
    """A sample that can be copied."""

    slug: str
    title: str
    summary: str
    graph: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The sample as the API shows it."""
        return {"slug": self.slug, "title": self.title, "summary": self.summary, "modules": len(self.graph["nodes"]), "graph": self.graph}


@cache
def samples() -> dict[str, Sample]:
    """All samples by slug, in the order of their file names."""
    return {sample.slug: sample for sample in map(_read, sorted(FOLDER.glob("*.json")))}


def _read(file: Path) -> Sample:
    """A file is a document, or an object of title, summary and graph."""
    held = json.loads(file.read_text())
    graph = dump(read(held.get("graph", held)))
    return Sample(file.stem, held.get("title") or graph["name"], held.get("summary") or _first_words(graph), graph)


def _first_words(graph: dict[str, Any]) -> str:
    """A document without a summary uses the start of its first note."""
    texts = (note.get("text", "") for note in graph["notes"] if isinstance(note, dict))
    return next((text.strip().splitlines()[0] for text in texts if text.strip()), "")
