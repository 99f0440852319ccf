"""Score in Batches: a table scored as an endpoint scores requests, batch by batch on all workers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

from pipelines.catalogue.fan_out import fan_out
from pipelines.catalogue.items import Item, Value
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Range, Title
from pipelines.catalogue.ports import Table
from pipelines.kinds.scoring_graph import ScoringFile
from pipelines.modelling.families import libraries
from pipelines.modules.scoring._batched import ScoredBatches, before, checked, joined, opened, tell


class ScoredRows(NamedTuple):
    """All rows with their scores, and the rows without.

    Args:
        scores: A row for each row of the table: row_id, the columns of the endpoint's answer, model_version, and error.
        bad_rows: The rows without a score as they arrived, with row_id and error.
    """

    scores: Table
    bad_rows: Table


def _before(scoring_graph: ScoringFile | None, table: Table, *, row_id: str | None, **_: Any) -> Sequence[Table | None]:
    return before(scoring_graph, table, row_id)


@module(
    "Score in Batches",
    icon="stack-forward",
    columns=_before,
    aliases=("batch scoring", "batch endpoint", "bulk scoring", "score a file", "batch inference", "predict"),
    libraries=libraries(),
    lineage=Lineage(rows="same", of=("table",), serves="never"),
)
def score_in_batches(
    scoring_graph: ScoringFile,
    table: Table,
    *,
    row_id: Annotated[Column | None, Title("Column that names rows")] = None,
    most_bad: Annotated[float, Title("Bad rows at most (%)"), Range(0, 100)] = 5.0,
    batch_rows: Annotated[int, Title("Rows of a batch, about"), Range(10, 1_000_000)] = 250,
    version_name: Annotated[str, Title("Name of the model version")] = "",
) -> ScoredRows:
    """Score the rows of a table with a scoring graph, exactly as an endpoint answers requests with these rows.

    The table is cut into batches, which are scored side by side on all workers. Where a batch ends depends on the values of its rows. A batch that the
    same scoring graph has scored before is not scored again: when 1 % of the rows are new, these and the rest of their batches are scored, and a run
    that was stopped goes on with the missing batches. Columns that the scoring graph does not read change nothing.

    A row is checked as a request is: a value of another type, or a missing value where training had none, gives an error in the row. Rows with an error,
    and rows that a step leaves out, have no score. They also appear at the second output with all their columns. If their share is larger than
    allowed, the step fails, as soon as that is certain; what has been scored is kept.

    When to use:
        To score a large table with a published model. Score Model is simpler where the rows are prepared in the same pipeline.

    Args:
        scoring_graph: The scoring graph of a published model.
        table: The rows to score, with the columns that a request to the endpoint has.
        row_id: The column whose values name the rows; if empty, rows are numbered from 1.
        most_bad: How many of the rows may have no score before the step fails.
        batch_rows: How many rows a batch has, from a fourth to four times as many. Smaller ones score less again after a change, larger ones take less time in all.
        version_name: What stands in the column model_version; if empty, the beginning of the digest of the scoring graph.

    Example:
        none: Save the scoring graph of a published model first; then choose it in Load Scoring Graph.
    """
    scorer = opened(scoring_graph)
    rows = checked(scorer, table)
    batches = ScoredBatches(scorer, rows, batch_rows, most_bad)

    def score(item: Item) -> Value:
        found = scorer.score(rows.slice(item.payload.start, item.payload.height))
        return Value({"rows": found.frame.height, "bad": found.bad, "warnings": [*found.warnings][:5]}, found.blob)

    for part in batches.parts():
        batches.add(fan_out(part, score, noun="batches"))
    tell(batches, table)
    return ScoredRows(*joined(scorer, batches.answers, table, row_id, version_name or scorer.digest[:12]))
