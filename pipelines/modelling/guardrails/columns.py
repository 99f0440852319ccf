"""Guardrails of the feature columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from pipelines.modelling.encoders import MOST_CATEGORIES
from pipelines.modelling.features import as_feature, feature_frame, present_values
from pipelines.modelling.guardrails.guardrail import Guardrail, State, judged
from pipelines.modelling.guardrails.rows import NAMED
from pipelines.modelling.leaks import find_leaks
from pipelines.modelling.tasks import label_tasks

SURE = 0.99  # a single column that predicts the label so well is hardly known before it
UNIQUE = 0.97  # the share of different values from which on a column may name rows
FEWEST_ROWS = 20
FEWEST_UNNAMED = 500  # rows from which on a column without the name of a key is taken for one
WORDS = 3  # on average, from which on a text is prose
MOST_WORDY = 0.5
AS_NUMBERS = r"^\s*[-+(]?\s*[$€£]?\s*\d[\d\s.,']*(?:[eE][-+]?\d+)?\s*[%)]?\s*$"
AS_DATES = r"^\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:\b|T)"

RARE = f"The {MOST_CATEGORIES - 1} most frequent are kept, and all others are one category."
LEFT = "Such columns are left out of training."
PROSE = "Prose is not used as it is; Extract N-Gram Features from Text makes columns of it."
CONVERT = "Convert them with Edit Metadata; as text every value is a category of its own."
CHECK = "Check that such columns are known before the label; if not, leave them out."


def of_columns(table: Table, label: str, task: str) -> Iterator[Guardrail]:
    """Yield the guardrails of the feature columns, each of which is named by one guardrail about its values."""
    frame = table.frame
    features = [column for column in frame.columns if column != label and table.role(column).role == "feature"]
    constant = {column: "has one value" for column in features if _is_constant(frame[column])}
    left = [column for column in features if column not in constant]
    texts = [column for column in left if kind_of(frame[column].dtype) == "text"]
    prose = {column: words for column in texts if (words := _prose(frame[column]))}
    disguised = {column: words for column in texts if column not in prose and (words := _disguised(frame[column]))}
    others = [column for column in left if column not in prose and column not in disguised]
    ids = {column: words for column in others if (words := _identifies(frame, column, label))}
    plain = [column for column in others if column in texts and column not in ids]
    many = {column: f"has {found:,} categories" for column in plain if (found := frame[column].n_unique()) > MOST_CATEGORIES}
    leaks = _leaks(table, [column for column in left if column not in ids and column not in prose], label, task)
    yield judged("constant", "Columns vary", "Every column has several values.", constant, "done", "Such columns are not used.")
    yield _missing(frame, left)
    for id, title, passed, found_in, state, done in (
        ("high_cardinality", "Categories", f"No text has more than {MOST_CATEGORIES} categories.", many, "done", RARE),
        ("id_columns", "Row numbers and keys", "No column looks like a number or a name of the rows.", ids, "done", LEFT),
        ("text", "Prose", "No column holds prose.", prose, "alerted", PROSE),
        ("numbers_as_text", "Types of columns", "No text column holds numbers or dates.", disguised, "alerted", CONVERT),
        ("leak", "No leaks", "No single column gives the label away.", leaks, "alerted", CHECK),
    ):
        yield judged(id, title, passed, found_in, cast(State, state), done)


def _is_constant(values: pl.Series) -> bool:
    known = values.filter(present_values(values))
    return len(values) > 1 and (len(known) == 0 or (len(known) == len(values) and known.n_unique() == 1))


def _missing(frame: pl.DataFrame, columns: list[str]) -> Guardrail:
    shares = {column: 1 - float(present_values(frame[column]).mean() or 0) for column in columns} if frame.height else {}  # type: ignore[arg-type]
    found = {
        column: f"lacks {_percent(share)} of its values" for column, share in sorted(shares.items(), key=lambda pair: -pair[1]) if share > 0
    }
    done = "Trees use gaps as they are; other learners fill them with the mean and mark them."
    figures = {"columns": len(found), "share": max(shares.values(), default=0.0)}
    return judged("missing_values", "Missing values", "No value is missing.", found, "done", done, figures)


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _prose(values: pl.Series) -> str:
    known = values.cast(pl.String).drop_nulls()
    if len(known) < FEWEST_ROWS or known.n_unique() < MOST_WORDY * len(known):
        return ""
    words = float(known.str.count_matches(r"\S+").mean() or 0)  # type: ignore[arg-type]
    return f"holds texts of {words:.2g} words" if words > WORDS else ""


def _disguised(values: pl.Series) -> str:
    known = values.cast(pl.String).drop_nulls()
    for kind, pattern in (("dates", AS_DATES), ("numbers", AS_NUMBERS)):
        found = int(known.str.contains(pattern).sum())
        if found > len(known) / 2 and known.n_unique() > 2:
            return f"holds {found:,} {kind} as text" + (f", beside {len(known) - found:,} other values" if found < len(known) else "")
    return ""


def _identifies(frame: pl.DataFrame, column: str, label: str) -> str:
    values = frame[column]
    if not (values.dtype == pl.String or values.dtype.is_integer()) or len(values) < FEWEST_ROWS:
        return ""
    different = values.drop_nulls().n_unique() / max(len(values) - values.null_count(), 1)
    if different < UNIQUE:
        return ""
    words = f"differs in {_percent(different)} of the rows"
    if values.dtype == pl.String or NAMED.search(column):
        return words
    low, high = int(values.min()), int(values.max())  # type: ignore[arg-type]
    if high - low < 4 * len(values) and (values.is_sorted() or len(values) >= FEWEST_UNNAMED):
        return f"{words}, like a row number"
    return words if len(values) >= FEWEST_UNNAMED and _unrelated(values, frame[label]) else ""


def _unrelated(values: pl.Series, label: pl.Series) -> bool:
    """Whether the order of a column says nothing of a label."""
    from scipy.stats import spearmanr

    codes = label.rank("dense").fill_null(0).cast(pl.Float64)
    return bool(abs(spearmanr(values.cast(pl.Float64).to_numpy(), codes.to_numpy()).statistic) < 0.1)


def _leaks(table: Table, columns: list[str], label: str, task: str) -> Mapping[str, str]:
    known = table.with_frame(table.frame.filter(present_values(table.frame[label])))
    if not columns or known.frame.height < FEWEST_ROWS or known.frame[label].n_unique() < 2:
        return {}
    features = [as_feature(known, column) for column in columns if kind_of(known.frame[column].dtype) != "other"]
    judge = label_tasks()[task]
    try:
        truths = judge.signals(judge.target(known.frame[label]))
        frame = feature_frame(known.frame, features)
    except ModuleError:  # the training says what is wrong with such a label or such columns
        return {}
    return {
        column: words.partition(". Check")[0].removeprefix("it ")
        for column, words in find_leaks(frame, features, truths, judge.measure, SURE)
    }
