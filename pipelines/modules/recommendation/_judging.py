"""Tables to compare as pairs of user and item: the ratings that were given, and what recommenders said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.evaluation.charts import Sure
from pipelines.modelling.numbers import is_number
from pipelines.modules.recommendation._ratings import ITEM, PREDICTING, RANKING, RATING, USER, check_once, check_same, keys, read_ratings

RESULT = {"Model": pl.String(), "Metric": pl.String(), "Value": pl.Float64(), "From": pl.Float64(), "To": pl.Float64()}
Row = tuple[str, str, float | None, float | None, float | None]


@dataclass(frozen=True)
class Truth:
    """The test ratings, and the ratings that are counted for users and items: those of the training, else of the test.

    Users and items are texts. `trained` says whether the counted ratings are those of the training and have values.
    """

    ratings: pl.DataFrame
    counted: pl.DataFrame
    raw: pl.DataFrame
    user: str
    item: str
    rating: str
    trained: bool

    @property
    def of(self) -> str:
        """Which ratings are counted."""
        return "training ratings" if self.counted is not self.ratings else "test ratings"


@dataclass(frozen=True)
class Judged:
    """What one recommender said of pairs: predicted ratings, or ranks."""

    name: str
    pairs: pl.DataFrame


def read_truth(test: Table, training: Table | None, user: str, item: str, rating: str) -> Truth:
    """Read the tables of ratings.

    Raises:
        ModuleError: `no_rows`, or what is wrong with the columns.
    """
    raw = read_ratings(test, "test", user, item, rating)
    if not raw.height:
        words = "The test table has no complete rating."
        raise ModuleError("no_rows", words, port="test", remedy="Use rows with user, item and rating.")
    check_once(raw, user, item, "test")
    ratings = _keyed(raw)
    if training is None:
        return Truth(ratings, ratings, raw, user, item, rating, False)
    rated = rating in training.frame.columns and is_number(training.frame.schema[rating])
    known = read_ratings(training, "training", user, item, rating if rated else None)
    _check_kinds(known, raw, user, item, "training")
    if not known.height:
        words = "The training table has no rating with a user and an item."
        raise ModuleError("no_rows", words, port="training", remedy="Connect the training ratings, or nothing.")
    return Truth(ratings, _keyed(known), raw, user, item, rating, rated)


def task_of(scored: Sequence[Table], asked: str) -> str:
    """Return what the scored tables hold, ranks or ratings.

    Raises:
        ModuleError: When it is nothing, not known, or different.
    """
    if not scored:
        words = "No scored table is connected."
        raise ModuleError("nothing_scored", words, port="scored", remedy="Connect the output of Score SVD Recommender.")
    found = {_kind(table, asked) for table in scored}
    if len(found) > 1:
        raise ModuleError(
            "mixed_kinds",
            "Some scored tables hold predicted ratings and others recommended items, so they cannot be compared.",
            port="scored",
            remedy="Use a separate Evaluate Recommender for each kind.",
        )
    return found.pop()


def _kind(table: Table, asked: str) -> str:
    """What the score column says that it is, unless it was said."""
    scores = table.columns_with("score")
    if not scores:
        raise ModuleError(
            "no_score",
            "The scored table has no column with the role score.",
            port="scored",
            remedy="Connect Score SVD Recommender, or give the role score to the column of predictions or ranks with Edit Metadata.",
        )
    if asked != "recorded":
        return RANKING if asked == "lists" else PREDICTING
    recorded = [table.role(column).task for column in scores]
    found = RANKING if RANKING in recorded else PREDICTING if PREDICTING in recorded else None
    if found is None:
        raise ModuleError(
            "unknown_kind",
            f"The score column “{scores[-1]}” does not say whether it holds predicted ratings or ranks.",
            port="scored",
            param="kind",
            column=scores[-1],
            remedy="Select at Kind what the table holds.",
        )
    return found


def read_judged(table: Table, truth: Truth, task: str) -> Judged:
    """Read the predictions or ranks of a scored table: its last score column of the task, else its last one.

    Raises:
        ModuleError: When the column holds no numbers, or a pair is there twice.
    """
    scores = table.columns_with("score")
    score = next((column for column in reversed(scores) if table.role(column).task == task), scores[-1])
    if not is_number(table.frame.schema[score]):
        raise ModuleError(
            "score_not_a_number",
            f"The scores in “{score}” are not numbers.",
            port="scored",
            column=score,
            remedy="Give the role score to a column of predicted ratings or of ranks with Edit Metadata.",
        )
    pairs = read_ratings(table, "scored", truth.user, truth.item, score)
    _check_kinds(pairs, truth.raw, truth.user, truth.item, "scored")
    check_once(pairs, truth.user, truth.item, "scored")
    return Judged(table.role(score).model or score, _keyed(pairs))


def named_apart(judged: Sequence[Judged]) -> list[Judged]:
    """Return recommenders of which those of the same name have a number."""
    total, seen, named = Counter(one.name for one in judged), Counter[str](), []
    for one in judged:
        seen[one.name] += 1
        named.append(one if total[one.name] == 1 else replace(one, name=f"{one.name} {seen[one.name]}"))
    return named


def together(truth: Truth, judged: Judged, how: str) -> pl.DataFrame:
    """Return the pairs of a recommender with their test ratings, `inner` or `left`; says how many have none.

    Raises:
        ModuleError: `nothing_in_common`, when no user, or no pair, is in both.
    """
    pairs = judged.pairs.rename({RATING: "said"})
    if how == "left":
        pairs = pairs.join(truth.ratings.select(USER).unique(), on=USER, how="semi", maintain_order="left")
    both = pairs.join(truth.ratings.select(USER, ITEM, RATING), on=[USER, ITEM], how=how, maintain_order="left")  # type: ignore[arg-type]
    what = "pair" if how == "inner" else "row"
    if not both.height:
        raise ModuleError(
            "nothing_in_common",
            f"{judged.name}: no {'pair of user and item' if how == 'inner' else 'user'} of the scored table is in the test table.",
            port="scored",
            remedy="Score the users of the test table.",
        )
    if lost := judged.pairs.height - both.height:
        log(f"{judged.name}: {counted(lost, what)} without a test rating {'was' if lost == 1 else 'were'} left out.", "warning")
    return both


def many_of(truth: Truth, side: str) -> pl.DataFrame:
    """Return how many ratings each user or each item has, as `many`."""
    return truth.counted.group_by(side).agg(pl.len().alias("many"))


def rows_of(sure: Sequence[Sure], rows: str) -> list[Row]:
    """Return figures as rows of the result; `rows` is what they are means of."""
    return [(name, rows if figure == "Rows" else figure, value, *(interval or (None, None))) for name, figure, value, interval in sure]


def _check_kinds(frame: pl.DataFrame, other: pl.DataFrame, user: str, item: str, port: str) -> None:
    for side, column in ((USER, user), (ITEM, item)):
        check_same(frame[side], other[side], column, port)


def _keyed(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(keys(frame[side]).alias(side) for side in (USER, ITEM))
