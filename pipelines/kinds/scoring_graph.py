"""Scoring graphs: the file that an endpoint serves, as a value. Nothing of it is loaded here; `pipelines/serving` loads it to score rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from pipelines.catalogue.kind import Download, FileKind, Loader


@dataclass(frozen=True)
class ScoringFile:
    """A scoring graph with its fitted values, as `serving.bundle.write_bundle` writes it."""

    data: bytes


class _Scoring(msgspec.Struct):
    scored: str
    signature: dict[str, Any]


class _Head(msgspec.Struct):
    format: int
    scoring: _Scoring


def _read(file: Path) -> ScoringFile:
    data = file.read_bytes()
    msgspec.msgpack.decode(data, type=_Head)  # raises for any other file
    return ScoringFile(data)


def _about(file: Path) -> Mapping[str, Any]:
    head = msgspec.msgpack.decode(file.read_bytes(), type=_Head)
    return {"scored": head.scoring.scored, **head.scoring.signature}


def _write(value: ScoringFile, file: Path) -> None:
    file.write_bytes(value.data)


KIND = FileKind[ScoringFile](
    types=(ScoringFile,),
    title="scoring graph",
    icon="M1 1.5h10v2.2H1ZM1 4.9h10v2.2H1ZM1 8.3h10v2.2H1Z",
    colours=("oklch(0.53 0.13 285)", "oklch(0.79 0.1 285)"),
    downloads={"easel": Download("Scoring graph", "application/octet-stream")},
    applied_by="scoring.score_in_batches",
    write=_write,
    read=_read,
    about=_about,
    loader=Loader(
        id="data.load_scoring_graph",
        title="Load Scoring Graph",
        icon="stack-push",
        when="To score a table with all steps of a published model: what prepares the rows, and the model.",
        goes_to="Score in Batches",
        aliases=("batch endpoint", "published model", "bundle"),
    ),
)
