"""Batches: the rows of a table cut by their content, and each batch scored as an endpoint scores a request."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.discover import catalogue
from pipelines.serving.bundle import Bundle, read_bundle
from pipelines.serving.converting import converter
from pipelines.serving.scorer import Scorer
from pipelines.serving.signature import Column, Signature, is_servable, json_value

ERROR = "error"
MOST_BATCHES = 50_000
SEEDS = (0, 1)  # two hashes of 64 bits each
PLACE = re.compile(r"^Row \d+, c")


@dataclass(frozen=True)
class Batch:
    """Rows that follow each other: where they start, how many they are, and a digest of their values."""

    start: int
    height: int
    digest: str


@dataclass(frozen=True)
class Scored:
    """The answers of a batch as a table with the columns of the signature and the reason of each row without an answer; warnings, for people."""

    frame: pl.DataFrame
    warnings: Sequence[str]

    @property
    def bad(self) -> int:
        """Return how many rows have no answer."""
        return self.frame.height - self.frame[ERROR].null_count()

    @property
    def blob(self) -> bytes:
        """Return the table as bytes."""
        file = io.BytesIO()
        self.frame.write_ipc(file)
        return file.getvalue()


class BatchScorer:
    """Scores the batches of a table with a bundle; what is fitted in it is loaded with the first batch.

    Raises:
        BadBundle: When the bytes are none.
    """

    def __init__(self, data: bytes) -> None:
        self._bundle: Bundle = read_bundle(data)
        self.digest = sha256(data).hexdigest()

    @property
    def signature(self) -> Signature:
        """Return the columns of rows and answers."""
        return self._bundle.scoring.signature

    @cached_property
    def _scorer(self) -> Scorer:
        return Scorer(self._bundle)

    @property
    def no_answers(self) -> pl.DataFrame:
        """Return the table of answers without rows."""
        return pl.DataFrame(schema={**{column.name: column.polars for column in self.signature.outputs}, ERROR: pl.String})

    @property
    def code(self) -> list[str]:
        """Return digests of the code that the graph computes with, and the versions of its libraries: other code may give other answers."""
        used = [catalogue().modules[node["module"]] for node in self._bundle.scoring.document["nodes"].values()]
        libraries = {f"{name} {version}" for module in used for name, version in module.library_versions.items()}
        return sorted({module.source for module in used} | libraries)

    def relevant(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the columns of a table that the graph reads; batches are cut and known by these alone."""
        return frame.select(column.name for column in self.signature.inputs if column.name in frame.columns)

    def absent(self, frame: pl.DataFrame) -> tuple[list[str], list[str]]:
        """Return the columns that the graph needs and a table does not have, and those of them that may be missing."""
        missing = [column for column in self.signature.inputs if column.name not in frame.columns]
        return [column.name for column in missing if not column.nullable], [column.name for column in missing if column.nullable]

    def unservable(self, frame: pl.DataFrame) -> list[str]:
        """Return the columns that hold what a request cannot, such as lists."""
        return [name for name, dtype in self.relevant(frame).schema.items() if not is_servable(dtype)]

    def score(self, rows: pl.DataFrame) -> Scored:
        """Score rows, each as if it were in a request; a row without an answer has the reason."""
        answer = self._scorer.score(_as_requests(rows), on_error="null")
        frame = pl.DataFrame([_series(column, answer.columns[column.name]) for column in self.signature.outputs])
        reasons = [_without_place(answer.reasons.get(place)) for place in range(rows.height)]
        return Scored(frame.with_columns(pl.Series(ERROR, reasons, dtype=pl.String)), answer.warnings)


def cut(frame: pl.DataFrame, about: int) -> list[Batch]:
    """Cut a table into batches of about so many rows, from a fourth to four times as many.

    A batch ends after a row whose own values say so (content-defined chunking). So rows that are added, removed or changed change the batches
    around them, and all others stay equal, wherever they lie. Very large tables have larger batches.
    """
    while frame.height > MOST_BATCHES * about:
        about *= 2
    plain = frame.select(pl.col(name).cast(pl.String) if _is_coded(dtype) else name for name, dtype in frame.schema.items())
    if not plain.width:
        hashes = np.zeros((frame.height, len(SEEDS)), dtype=np.uint64)
    else:
        hashes = np.column_stack([plain.hash_rows(seed).to_numpy() for seed in SEEDS])
    ends = list(_ends(hashes[:, 0], about))
    return [
        Batch(start, end - start, sha256(hashes[start:end].tobytes()).hexdigest()) for start, end in zip([0, *ends], ends, strict=False)
    ]


def _ends(hashes: Any, about: int) -> Iterator[int]:
    """Yield where batches end."""
    start, least, most = 0, max(1, about // 4), about * 4
    for end in [*(np.flatnonzero(hashes % np.uint64(about) == 0) + 1).tolist(), len(hashes)]:
        while end - start > most:
            start += most
            yield start
        if end > start and (end - start >= least or end == len(hashes)):
            start = end
            yield end


def _is_coded(dtype: pl.DataType) -> bool:
    """Whether equal values may have different codes in two tables."""
    return isinstance(dtype, pl.Categorical | pl.Enum)


def _as_requests(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return rows as JSON would hold them in a request."""
    columns = []
    for values in rows.iter_columns():
        if _is_coded(values.dtype):
            values = values.cast(pl.String)
        elif isinstance(values.dtype, pl.Decimal):
            values = values.cast(pl.Float64)
        plain = values.dtype.is_integer() or values.dtype in (pl.String, pl.Boolean)
        columns.append(values.to_list() if plain else [json_value(value) for value in values.to_list()])
    if not columns:
        return [{} for _ in range(rows.height)]
    return [dict(zip(rows.columns, values, strict=True)) for values in zip(*columns, strict=True)]


def _series(column: Column, values: Sequence[Any]) -> pl.Series:
    """Return answers in the type of their column; dates and times arrive as text."""
    if column.type in ("date", "datetime", "time"):
        convert = converter(column)
        values = [None if value is None else convert(value) for value in values]
    return pl.Series(column.name, values, dtype=column.polars, strict=False)


def _without_place(reason: str | None) -> str | None:
    """Return a reason without the place of its row in the batch, which says nothing to people."""
    return PLACE.sub("C", reason) if reason else reason
