"""Guardrails of the feature columns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import cast

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted, listed
from pipelines.catalogue.ports import Table
from pipelines.modelling.encoders import MOST_CATEGORIES
from pipelines.modelling.features import as_feature, feature_frame, present_values
from pipelines.modelling.guardrails.afterwards import known_afterwards
from pipelines.modelling.guardrails.guardrail import Guardrail, State, Where, judged, percent
from pipelines.modelling.guardrails.names import names_things
from pipelines.modelling.guardrails.texts import decimal_commas, disguised, marks, others_than_numbers
from pipelines.modelling.leaks import find_leaks
from pipelines.modelling.prose import MOST_WORDS, TOPICS, prose
from pipelines.modelling.tasks import label_tasks

SURE = 0.99  # a single column that predicts the label so well is hardly known before it
UNIQUE = 0.97  # the share of different values from which on a column may name rows
FEWEST_ROWS = 20
FEWEST_UNNAMED = 500  # rows from which on a column without the name of a key is taken for one
FEWEST_COUNTED = 50  # rows from which on numbers without a gap are taken for row numbers, though nothing names them so
FEW_EACH = 5  # rows of a category, on average
PARTS = 20
LARGEST = 2**53  # beyond it all floating-point numbers are whole

RARE = f"Of more than {MOST_CATEGORIES} categories the {MOST_CATEGORIES - 1} most frequent are kept, and all others are one category."
LEFT = "Such columns are left out of training."
PROSE = f"The {MOST_WORDS:,} most frequent words of each are learned from; learners other than linear ones get {TOPICS} topics of them."
CONVERT = "Convert plain ones with Edit Metadata, and numbers with units with Add Column: try_cast(regexp_replace(column, '[^0-9.-]', '', 'g') as double). As text every value is a category of its own, and where most differ the column is left out."
COMMAS = "“{}” has a decimal comma in {}: make it a point first, with replace({}, ',', '.')."
PLAIN, POINTED = "column", "replace(column, '.', '')"  # points that separate thousands go before commas become points
MOST_TOLD = 3
CODE = "It is learned from as a number. If it stands for a missing value, replace it by one before."
CHECK = "Check that such columns are known before the label; if not, leave them out."


def of_columns(table: Table, label: str, task: str, times: Mapping[str, str]) -> Iterator[Guardrail]:
    """Yield the guardrails of the feature columns, each of which is named by one guardrail about its values; `times` are columns that hold times."""
    frame = table.frame
    features = [column for column in frame.columns if column != label and table.role(column).role == "feature"]
    strange = {
        column: f"has the type {frame[column].dtype}"
        for column in features
        if kind_of(frame[column].dtype) == "other" and frame[column].dtype != pl.Null
    }
    constant = {column: words for column in features if column not in strange and (words := _constant(frame[column]))}
    left = [column for column in features if column not in constant and column not in strange]
    texts = [column for column in left if kind_of(frame[column].dtype) == "text"]
    proses = {column: words for column in texts if as_feature(table, column)[1] == "String" and (words := prose(frame[column]))}
    hidden = {column: words for column in texts if column not in proses and (words := disguised(frame[column]))}
    ids = {column: words for column in left if column not in {**proses, **times} and (words := _identifies(frame, column, label, hidden))}
    hidden = {column: words for column, words in hidden.items() if column not in ids}
    plain = [column for column in texts if column not in {**ids, **proses, **hidden}]
    many = {column: words for column in plain if (words := _scattered(frame[column]))}
    codes = {column: words for column in left if (words := _code(frame[column]))}
    leaks = _leaks(table, [column for column in left if column not in ids and column not in proses], label, task)
    yield judged("constant", "Columns vary", "Every column has several values.", constant, "done", "Such columns are not used.")
    yield _missing(frame, left)
    for id, title, passed, found_in, state, done in (
        ("unsupported", "Kinds of columns", "Every column holds numbers, texts, dates or yes and no.", strange, "done", LEFT),
        ("missing_codes", "Codes for missing values", "No number looks like a code for a missing value.", codes, "alerted", CODE),
        ("high_cardinality", "Categories", "No text has many categories with few rows each.", many, "done", RARE),
        ("id_columns", "Row numbers and keys", "No column looks like a number or a name of the rows.", ids, "done", LEFT),
        ("text", "Prose", "No column holds prose.", proses, "done", PROSE),
        ("numbers_as_text", "Types of columns", "No text column holds numbers or dates.", hidden, "alerted", _converted(frame, hidden)),
        ("leak", "No leaks", "No single column gives the label away.", leaks, "alerted", CHECK),
    ):  # fmt: skip
        yield judged(id, title, passed, found_in, cast(State, state), done, where=_where(id, frame, next(iter(found_in), None)))


def _converted(frame: pl.DataFrame, hidden: Mapping[str, str]) -> str:
    """How to convert numbers as text. Decimal commas are told, since to remove them multiplies a number."""
    commas = {column: found for column in hidden if (found := decimal_commas(frame[column]))[0]}
    told = [
        COMMAS.format(column, counted(rows, "row"), POINTED if pointed else PLAIN)
        for column, (rows, pointed) in list(commas.items())[:MOST_TOLD]
    ]
    if further := list(commas)[MOST_TOLD:]:
        told.append(f"The same holds for {listed(further)}.")
    return " ".join([CONVERT, *told])


def _where(id: str, frame: pl.DataFrame, column: str | None) -> Where | None:
    """The rows of the first column that a guardrail names; None where it is about all rows alike."""
    if column is None or id not in ("missing_codes", "numbers_as_text", "leak"):
        return None
    if id == "missing_codes":
        return Where.of(column, "<", 0)
    others = others_than_numbers(frame[column]) if id == "numbers_as_text" else None
    return Where(sort=column) if others is None else Where.numbered(others)


def _constant(values: pl.Series) -> str:
    known = values.filter(_finite(values))
    if len(values) < 2 or (len(known) and (len(known) < len(values) or known.n_unique() > 1)):
        return ""
    return "has one value" if len(known) else "has no values"


def _finite(values: pl.Series) -> pl.Series:
    """Whether each entry is a value that a learner sees: numbers that are not finite are missing to it."""
    return values.is_finite().fill_null(False) if values.dtype.is_float() else present_values(values)


def _missing(frame: pl.DataFrame, columns: list[str]) -> Guardrail:
    shares = {column: 1 - float(_finite(frame[column]).mean() or 0) for column in columns} if frame.height else {}  # type: ignore[arg-type]
    found = {
        column: f"lacks {percent(share)} of its values" for column, share in sorted(shares.items(), key=lambda pair: -pair[1]) if share > 0
    }
    for column in found:
        if frame[column].dtype.is_float() and (infinite := frame[column].is_infinite().sum()):
            found[column] += f" ({infinite:,} infinite)"
    written = {column: counts for column in columns if (counts := marks(frame[column]))}
    for column, counts in written.items():
        told = ", ".join(f"“{mark}” in {percent(rows / frame.height)} of the rows" for mark, rows in counts.items())
        found[column] = f"{found[column]}, and has {told}" if column in found else f"has {told}"
    done = "Trees use gaps as they are; other learners fill them with the mean and mark them."
    done += " Texts such as “?” are a category of their own." if written else ""
    figures = {"columns": len(found), "share": max(shares.values(), default=0.0)}
    where = next((each for column in found if (each := _lacking(frame[column], written.get(column, {})))), None)
    return judged("missing_values", "Missing values", "No value is missing.", found, "done", done, figures, where)


def _lacking(values: pl.Series, written: Mapping[str, int]) -> Where | None:
    """The rows without a value; where there are none, those with a text for it. None of a column whose values are infinite there."""
    if values.null_count() or (values.dtype.is_float() and values.is_nan().any()):
        return Where.of(values.name, "missing")
    return Where.of(values.name, "=", next(iter(written))) if written else None


def _code(values: pl.Series) -> str:
    """Say of numbers that the only negative one is written with nines, as −999."""
    if not values.dtype.is_numeric() or values.dtype.is_unsigned_integer():
        return ""
    low = values.filter(_finite(values) & (values < 0).fill_null(False))
    if not len(low) or low.n_unique() > 1 or str(abs(float(low[0]))).strip("9") != ".0" or len(low) == len(values):
        return ""
    return f"has {float(low[0]):,.0f} in {percent(len(low) / len(values))} of its rows, its only negative number"


def _scattered(values: pl.Series) -> str:
    """Say of texts that they have many categories, or few rows of each, as training treats them."""
    found, known = values.drop_nulls().n_unique(), len(values) - values.null_count()
    if found <= FEWEST_ROWS or (found <= MOST_CATEGORIES and found * FEW_EACH <= known):
        return ""
    if found > known / 2:
        return f"has {found:,} categories in {known:,} rows, and is left out"
    return f"has {found:,} categories" + (f" with {known / found:.2g} rows each" if found * FEW_EACH > known else "")


def _identifies(frame: pl.DataFrame, column: str, label: str, hidden: Mapping[str, str]) -> str:
    values = frame[column]
    if len(values) < FEWEST_ROWS:
        return ""
    known = values.filter(_finite(values))
    different = known.n_unique() / max(len(known), 1)
    if different < UNIQUE:
        return ""
    words = f"differs in {percent(different)} of the rows"
    if values.dtype in (pl.String, pl.Categorical, pl.Enum):
        digits = column in hidden and bool(known.cast(pl.String).str.contains(r"^\d+$").all())
        return words if column not in hidden or digits else ""
    if not values.dtype.is_integer() and not (values.dtype.is_float() and bool(((known % 1 == 0) & (known.abs() < LARGEST)).all())):
        return ""
    if names_things(column):
        return words
    span = float(known.max()) - float(known.min())  # type: ignore[arg-type]
    related = _relation(values, frame[label])
    if span < 4 * len(values) and (values.is_sorted() or (related < 0.5 and _counts(values, span))):
        return f"{words}, like a row number"
    return words if len(values) >= FEWEST_UNNAMED and related < 0.1 else ""


def _counts(values: pl.Series, span: float) -> bool:
    """Whether numbers are so many, or so complete, that they look like row numbers."""
    return len(values) >= FEWEST_UNNAMED or (len(values) >= FEWEST_COUNTED and span == len(values) - 1)


def _relation(values: pl.Series, label: pl.Series) -> float:
    """Return how much the order of a column says of a label, as a correlation of ranks: by itself, or by the means of its twentieths beyond chance."""
    from scipy.stats import rankdata

    there = (_finite(values) & present_values(label)).to_numpy()
    order, codes = rankdata(values.to_numpy()[there]), rankdata(label.rank("dense").to_numpy()[there])
    spread = float(((codes - codes.mean()) ** 2).sum()) if len(codes) else 0.0
    if len(order) < FEWEST_ROWS or spread == 0:
        return 0.0
    parts = (PARTS * (order - 1) / len(order)).astype(int)
    sizes = np.maximum(np.bincount(parts), 1)
    between = float((sizes * (np.bincount(parts, codes) / sizes - codes.mean()) ** 2).sum() / spread)
    by_chance = 2.5 * (PARTS - 1) / len(order)
    return max(abs(float(np.corrcoef(order, codes)[0, 1])), math.sqrt(max(between - by_chance, 0.0)))


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
    found = {
        column: words.partition(". Check")[0].removeprefix("it ")
        for column, words in find_leaks(frame, features, truths, judge.measure, SURE)
    }
    there = {column: _finite(known.frame[column]) for column, _ in features if column not in found}
    return {**found, **(dict(known_afterwards(there, known.frame[label])) if task != "regression" else {})}
