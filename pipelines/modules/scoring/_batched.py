"""Batches of Score in Batches: which are scored, when too many rows are bad, and the tables that come of them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.items import Item, ItemResult
from pipelines.catalogue.phrases import counted, listed
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.catalogue.reporting import log
from pipelines.kinds.scoring_graph import ScoringFile

if TYPE_CHECKING:
    from pipelines.serving.batches import Batch, BatchScorer

ROW_ID, VERSION, ERROR = "row_id", "model_version", "error"
OWN = {ROW_ID, VERSION, ERROR}
IGNORED = dict.fromkeys(sorted(OWN), ColumnRole("ignored"))
MOST_LINES = 20
KEY = 32  # characters of a digest that name a batch


def opened(stored: ScoringFile) -> BatchScorer:
    """Open a scoring graph.

    Raises:
        ModuleError: `bad_scoring_graph`, for one of another version.
    """
    from pipelines.serving.batches import BatchScorer
    from pipelines.serving.bundle import BadBundle

    try:
        return BatchScorer(stored.data)
    except BadBundle as wrong:
        raise ModuleError("bad_scoring_graph", str(wrong), port="scoring_graph", remedy="Publish the model again.") from wrong


def checked(scorer: BatchScorer, table: Table) -> pl.DataFrame:
    """Return the columns that the scoring graph reads.

    Raises:
        ModuleError: `missing_columns`, or `unusable_columns` for lists and the like.
    """
    needed, optional = scorer.absent(table.frame)
    if needed:
        words = f"The table has no {'column' if len(needed) == 1 else 'columns'} {listed(needed)}, which the scoring graph needs."
        remedy = f"It reads {listed([column.name for column in scorer.signature.inputs])}. Rename or add the missing ones."
        raise ModuleError("missing_columns", words, port="table", column=needed[0], remedy=remedy)
    if strange := scorer.unservable(table.frame):
        words = f"{listed(strange)} {'holds' if len(strange) == 1 else 'hold'} lists or other values that no request can have."
        raise ModuleError("unusable_columns", words, port="table", column=strange[0], remedy="Select a column of single values.")
    if optional:
        log(f"The table has no {listed(optional)}; the values are missing in every row, as training had gaps there.", "warning")
    return scorer.relevant(table.frame)


class ScoredBatches:
    """The batches of a table and what came of each."""

    def __init__(self, scorer: BatchScorer, rows: pl.DataFrame, about: int, most_bad: float) -> None:
        from pipelines.serving.batches import cut

        self.scorer, self.rows = scorer, rows
        self.batches: Sequence[Batch] = cut(rows, about)
        self._most = most_bad
        self._known: dict[str, ItemResult] = {}
        self._code = scorer.code

    def parts(self) -> Iterator[list[Item]]:
        """Yield the items: first those of just over as many rows as may be bad, then the others. Equal batches are one item."""
        unique = {batch.digest: batch for batch in self.batches}
        first, rows = 0, 0
        enough = self.rows.height * self._most / 100
        for batch in unique.values():
            if rows > enough:
                break
            first, rows = first + 1, rows + batch.height
        items = [self._item(batch) for batch in unique.values()]
        yield from filter(None, (items[:first], items[first:]))

    def _item(self, batch: Batch) -> Item:
        content = {"rows": batch.digest, "columns": self.rows.columns, "graph": self.scorer.digest, "code": self._code}
        return Item(batch.digest[:KEY], content, of_inputs=False, payload=batch)

    def add(self, results: Sequence[ItemResult]) -> None:
        """Add results.

        Raises:
            ModuleError: `too_many_bad_rows`, when more rows are bad than may be.
        """
        self._known |= {result.key: result for result in results}
        if self.bad <= self.rows.height * self._most / 100:
            return
        found = next(frame for frame in self.scored if frame[ERROR].null_count() < frame.height)
        example = found[ERROR].drop_nulls()[0]
        seen = sum(batch.height for batch in self.batches if batch.digest[:KEY] in self._known)
        words = f"{counted(self.bad, 'row')} of the first {seen:,} cannot be scored, which is more than {self._most:g} % of all {self.rows.height:,}."
        remedy = "Correct the rows, or allow more bad rows. Batches that have been scored are not scored again."
        raise ModuleError("too_many_bad_rows", f"{words} The first: {example}", port="table", remedy=remedy)

    @property
    def bad(self) -> int:
        """Return how many rows of the batches so far have no score."""
        return sum(self._known[key].figures["bad"] for batch in self.batches if (key := batch.digest[:KEY]) in self._known)

    @property
    def warnings(self) -> dict[str, None]:
        """Return what the modules of the scoring graph said."""
        return {line: None for result in self._known.values() for line in result.figures["warnings"]}

    @property
    def scored(self) -> Iterator[pl.DataFrame]:
        """Yield the answers of the batches that are scored, in the order of the table."""
        for batch in self.batches:
            if result := self._known.get(batch.digest[:KEY]):
                yield pl.read_ipc(io.BytesIO(result.blob()))

    @property
    def answers(self) -> pl.DataFrame:
        """Return the answers of all rows."""
        return pl.concat([self.scorer.no_answers, *self.scored])


def tell(batches: ScoredBatches, table: Table) -> None:
    """Say what people should know."""
    warnings = [*batches.warnings]
    for line in warnings[:MOST_LINES]:
        log(line, "warning")
    if len(warnings) > MOST_LINES:
        log(f"{len(warnings) - MOST_LINES:,} further warnings of batches are not listed.", "warning")
    if hidden := [column.name for column in batches.scorer.signature.outputs if column.name in OWN]:
        log(f"The columns {listed(hidden)} of the answer have names that the scores need, and are left out.", "warning")
    if batches.bad:
        log(f"{counted(batches.bad, 'row')} of {table.frame.height:,} have no score; the output of bad rows says why.", "warning")


def before(stored: ScoringFile | None, table: Table, row_id: str | None) -> tuple[Table | None, Table | None]:
    """Return what comes of a table, without rows; the scores are not known without the scoring graph."""
    head = table.with_frame(table.frame.clear())
    if stored is None:
        return None, _bad(head, row_id, pl.Series(ERROR, [], dtype=pl.String))
    scorer = opened(stored)
    checked(scorer, head)
    return joined(scorer, scorer.no_answers, head, row_id, "")


def joined(scorer: BatchScorer, answers: pl.DataFrame, table: Table, row_id: str | None, version: str) -> tuple[Table, Table]:
    """Return all rows with their scores, and the rows without."""
    kept = [column for column in scorer.signature.outputs if column.name not in OWN]
    columns = [_ids(table, row_id), *(answers[column.name] for column in kept)]
    scores = pl.DataFrame(columns).with_columns(pl.lit(version, dtype=pl.String).alias(VERSION), answers[ERROR])
    roles = {column.name: ColumnRole(column.role, column.categorical) for column in kept}
    return Table(scores, roles | IGNORED), _bad(table, row_id, answers[ERROR])


def _ids(table: Table, row_id: str | None) -> pl.Series:
    """Return what names the rows.

    Raises:
        ModuleError: `unknown_column`.
    """
    if row_id:
        return table.frame[require(row_id, table, param="row_id")].alias(ROW_ID)
    return pl.Series(ROW_ID, range(1, table.frame.height + 1), dtype=pl.Int64)


def _bad(table: Table, row_id: str | None, errors: pl.Series) -> Table:
    rows = table.frame.drop(OWN - {VERSION}, strict=False).insert_column(0, _ids(table, row_id)).with_columns(errors)
    return Table(rows.filter(pl.col(ERROR).is_not_null()), {**table.roles, ROW_ID: IGNORED[ROW_ID], ERROR: IGNORED[ERROR]})
