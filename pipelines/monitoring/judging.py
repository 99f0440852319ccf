"""Judging a window: which columns differ from the reference by more than chance and by more than a bound, in words.

A signal needs both. Probabilities are corrected over the columns (Benjamini and Hochberg, 1995). An alarm is a signal in several windows in a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Annotated, Literal, NamedTuple

import msgspec

from pipelines.catalogue.phrases import percent
from pipelines.monitoring.drift import CHANCE, Drift, chance_of, compare
from pipelines.monitoring.profile import ColumnProfile, Profile
from pipelines.monitoring.tally import Tally

SMALL_REFERENCE = 500
LEAST_ROWS = 200
EARLIER_WINDOWS = 5  # that are needed to know how many rows are usual
Kind = Literal[
    "drift", "missing", "empty", "constant", "new_categories", "out_of_range", "type_errors", "rows", "errors", "latency", "truth"
]
State = Literal["waiting", "judged"]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Distance = Annotated[float, msgspec.Meta(ge=0, le=100)]


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds beyond which a change matters: distances of a distribution, and additional shares of rows.

    `rows_factor` is how many times more or fewer rows than usual a window may have. `in_a_row` is the number of windows that make an alarm.
    Drift of an input with less than `importance` of the importance of all is no alarm.
    `errors` is the share of requests that may fail, and `latency_ms` the time that one in twenty may exceed, both of at least `least_requests`.
    """

    psi: Distance = 0.1
    wasserstein: Distance = 0.1
    missing: Share = 0.05
    new_categories: Share = 0.01
    out_of_range: Share = 0.05
    type_errors: Share = 0.01
    rows_factor: Annotated[float, msgspec.Meta(ge=1.5, le=1000)] = 4.0
    importance: Share = 0.01
    in_a_row: Annotated[int, msgspec.Meta(ge=1, le=10)] = 2
    least_rows: Annotated[int, msgspec.Meta(ge=LEAST_ROWS, le=1_000_000)] = LEAST_ROWS
    errors: Share = 0.05
    latency_ms: Annotated[float, msgspec.Meta(gt=0, le=300_000)] = 1_000.0
    least_requests: Annotated[int, msgspec.Meta(ge=20, le=1_000_000)] = 50


class Signal(msgspec.Struct, frozen=True):
    """A change that matters. `column` is empty for the whole window. A `minor` one is no alarm: the scores hardly depend on the column."""

    column: str
    kind: Kind
    words: str
    minor: bool = False


class ColumnFigures(msgspec.Struct, frozen=True):
    """What a window shows of a column: its distances from the reference, and shares of its rows."""

    column: str
    drift: Drift | None
    missing: float
    outside: float
    invalid: float


class Verdict(msgspec.Struct, frozen=True):
    """What a window shows. `words` says why it waits, or what limits the judgement.

    `drifted_importance` is the importance of the inputs whose distribution differs, together; None where it was not measured.
    """

    state: State
    rows: int
    words: str = ""
    columns: tuple[ColumnFigures, ...] = ()
    signals: tuple[Signal, ...] = ()
    drifted_importance: float | None = None


class _Change(NamedTuple):
    """A change beyond its bound, and how probable it is by chance."""

    kind: Kind
    p: float
    words: str


def judge(profile: Profile, window: Mapping[str, Tally], thresholds: Thresholds) -> Verdict:
    """Judge the counts of a window by column."""
    rows = max((tally.rows for tally in window.values()), default=0)
    if rows < thresholds.least_rows:
        return Verdict("waiting", rows, f"Waiting: the window has {rows:,} of at least {thresholds.least_rows:,} rows.")
    pairs = [(column, window[column.name]) for column in profile.columns if column.name in window]
    drifts = [compare(column, tally) for column, tally in pairs]
    figures = tuple(_figures(column, tally, drift) for (column, tally), drift in zip(pairs, drifts, strict=True))
    drifted = [*_drifted(pairs, drifts, thresholds)]
    signals = (*drifted, *_changed(pairs, thresholds))
    return Verdict("judged", rows, _limited(profile), figures, signals, _drifted_importance(profile, {each.column for each in drifted}))


def judge_rows(rows: int, earlier: Sequence[int], thresholds: Thresholds) -> Signal | None:
    """Judge the number of rows of a window by time, given that of the windows before it."""
    if len(earlier) < EARLIER_WINDOWS:
        return None
    usual = median(earlier)
    if max(rows, usual) < thresholds.least_rows or usual / thresholds.rows_factor <= rows <= usual * thresholds.rows_factor:
        return None
    return Signal("", "rows", f"The window has {rows:,} rows; usual are {usual:,.0f}.")


def alarms(windows: Sequence[Sequence[Signal]], in_a_row: int) -> list[Signal]:
    """Return the signals of the last window that each of the last `in_a_row` judged windows has, but minor ones.

    Args:
        windows: The signals of judged windows, the oldest first.
        in_a_row: How many make an alarm.
    """
    if len(windows) < in_a_row:
        return []
    before = [{(signal.column, signal.kind) for signal in window} for window in windows[-in_a_row:]]
    common = set.intersection(*before)
    return [signal for signal in windows[-1] if (signal.column, signal.kind) in common and not signal.minor]


def rejected(probabilities: Sequence[float], level: float) -> list[bool]:
    """Return which hypotheses fall while the share of wrong ones among them is at most `level` (Benjamini and Hochberg)."""
    order = sorted(probabilities)
    passed = [p for rank, p in enumerate(order, 1) if p <= level * rank / len(order)]
    limit = max(passed, default=-1.0)
    return [p <= limit for p in probabilities]


def _drifted(pairs: Sequence[tuple[ColumnProfile, Tally]], drifts: Sequence[Drift | None], thresholds: Thresholds) -> Iterator[Signal]:
    compared = [(column, tally, drift) for (column, tally), drift in zip(pairs, drifts, strict=True) if drift is not None]
    compared.sort(key=lambda each: -(each[0].importance or 0.0))
    beyond = rejected([drift.p for _, _, drift in compared], CHANCE)
    for (column, tally, drift), significant in zip(compared, beyond, strict=True):
        distance = drift.wasserstein or 0.0
        if significant and tally.present and (drift.psi > thresholds.psi or distance > thresholds.wasserstein):
            words = f"The distribution of {column.name} differs from the reference: PSI {drift.psi:.2f}"
            words += f" (chance alone gives at most {drift.psi_limit:.2f} at this size)"
            words += f", on average {distance:.2f} standard deviations." if drift.wasserstein is not None else "."
            minor = column.importance is not None and column.importance < thresholds.importance
            if column.importance is not None:
                words += f" It has {percent(column.importance)} of the importance of the inputs" + (
                    ", so this is no alarm." if minor else "."
                )
            yield Signal(column.name, "drift", words, minor)


def _drifted_importance(profile: Profile, drifted: set[str]) -> float | None:
    measured = [column for column in profile.columns if column.importance is not None]
    return sum(column.importance or 0.0 for column in measured if column.name in drifted) if measured else None


def _changed(pairs: Sequence[tuple[ColumnProfile, Tally]], thresholds: Thresholds) -> Iterator[Signal]:
    """Gaps, new categories, type errors, numbers out of range, empty and constant columns, corrected over all of them."""
    changes = [(column.name, change) for column, tally in pairs for change in _changes(column, tally, thresholds)]
    tests = 4 * len(pairs)  # those within their bounds count with the probability 1
    beyond = rejected([change.p for _, change in changes] + [1.0] * (tests - len(changes)), CHANCE)
    for (name, change), significant in zip(changes, beyond, strict=False):
        if significant:
            yield Signal(name, change.kind, change.words)


def _changes(column: ColumnProfile, tally: Tally, thresholds: Thresholds) -> Iterator[_Change]:
    was, rows, m = column.tally, tally.rows, column.tally.rows
    if not rows or not m:
        return
    name = column.name
    if tally.invalid / rows > thresholds.type_errors:
        words = f"{percent(tally.invalid / rows)} of the values of {name} have another type."
        yield _Change("type_errors", chance_of(tally.invalid, rows, 0.5, m + 0.5), words)
    if not tally.present and not tally.invalid:
        if was.present:
            yield _Change("empty", ((was.missing + 1) / (m + 1)) ** rows, f"The column {name} is empty.")
        return
    if tally.missing / rows - was.missing / m > thresholds.missing:
        words = f"{percent(tally.missing / rows)} of the rows have no {name}; in the reference {percent(was.missing / m)}."
        yield _Change("missing", chance_of(tally.missing, rows, was.missing + 0.5, m - was.missing + 0.5), words)
    if not tally.present or column.kind == "presence":
        return
    if _is_constant(column, tally) and not _is_constant(column, was):
        words = f"All rows have the same {name}; the reference has different values."
        yield _Change("constant", ((max(was.bins) + 1) / (was.present + 1)) ** tally.present, words)
    yield from _outside(column, tally, thresholds)


def _outside(column: ColumnProfile, tally: Tally, thresholds: Thresholds) -> Iterator[_Change]:
    """Values that the reference does not have; without any change a share of them is expected still."""
    share = tally.outside / tally.present
    if column.kind == "category":
        m = column.texts
        if share - column.singles / m > thresholds.new_categories:
            words = f"{percent(share)} of the values of {column.name} are none of the reference."
            p = chance_of(tally.outside, tally.present, column.singles + 0.5, m - column.singles + 0.5)
            yield _Change("new_categories", p, words)
    elif share - 2 / ((m := column.tally.present) + 1) > thresholds.out_of_range:
        low, high = f"{column.tally.low:g}", f"{column.tally.high:g}"
        words = f"{percent(share)} of the values of {column.name} are out of the range of the reference, {low} to {high}."
        yield _Change("out_of_range", chance_of(tally.outside, tally.present, 2, max(m - 1, 1)), words)


def _is_constant(column: ColumnProfile, tally: Tally) -> bool:
    if column.kind == "number":
        return tally.low is not None and tally.low == tally.high
    filled = [place for place, count in enumerate(tally.bins) if count]
    return len(filled) == 1 and filled[0] < len(column.categories)


def _figures(column: ColumnProfile, tally: Tally, drift: Drift | None) -> ColumnFigures:
    rows, present = max(tally.rows, 1), max(tally.present, 1)
    return ColumnFigures(column.name, drift, tally.missing / rows, tally.outside / present, tally.invalid / rows)


def _limited(profile: Profile) -> str:
    if profile.rows >= SMALL_REFERENCE:
        return ""
    return f"The reference has {profile.rows:,} rows only: small changes cannot be told from chance."
