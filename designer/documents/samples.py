"""The sample pipelines: documents in a folder, and the gallery that presents them."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from designer.documents.schemas import Graph
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.extras import command
from pipelines.flow import dump, read

FOLDER = Path(__file__).parent / "samples"


class SampleResult(msgspec.Struct, frozen=True):
    """The metric of a model in a sample.

    Attributes:
        model: Its name in the report.
        label: Its name in the gallery.
        value: To four digits.
    """

    model: str
    label: str
    value: float


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sample in the gallery.

    Attributes:
        task: What kind of problem it solves.
        tags: Words to find it by.
        summary: What it does.
        learn: What to look at.
        metric: The key of the metric in the report.
        measure: The title of the metric.
        results: What the models reach, the best first.
        within: How far another processor may be from these: more where training multiplies differences of rounding.
        extra: The extra that its modules need.
    """

    task: str
    tags: list[str]
    summary: str
    learn: str
    metric: str = ""
    measure: str = ""
    results: list[SampleResult] = []
    within: float = 0.002
    extra: str = ""


class Sample(msgspec.Struct, frozen=True):
    """A sample that can be copied. `missing` is the command that installs what its modules need, if that is not installed."""

    slug: str
    title: str
    summary: str
    task: str
    tags: list[str]
    learn: str
    measure: str
    results: list[SampleResult]
    modules: int
    missing: str | None
    graph: Graph

    @property
    def document(self) -> Any:
        """The graph as JSON, which it is."""
        return self.graph


def gallery() -> dict[str, Entry]:
    """What the gallery says of each sample, in its order."""
    return msgspec.convert(tomllib.loads((FOLDER / "gallery.toml").read_text(encoding="utf-8")), dict[str, Entry])


@cache
def samples() -> dict[str, Sample]:
    """All samples by slug, in the order of the gallery."""
    return {slug: _read(slug, entry) for slug, entry in gallery().items()}


def _read(slug: str, entry: Entry) -> Sample:
    graph: Any = dump(read(json.loads((FOLDER / f"{slug}.json").read_text(encoding="utf-8"))))
    known = catalogue().modules
    there = all(known[node["module"]].is_installed for node in graph["nodes"].values())
    return Sample(
        slug,
        graph["name"],
        entry.summary,
        entry.task,
        entry.tags,
        entry.learn,
        entry.measure,
        entry.results,
        len(graph["nodes"]),
        None if there else command(entry.extra),
        graph,
    )
