"""Reads of monitoring: what a version receives beside its reference, column by column, and its judged windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np

from designer.endpoints import monitor_schemas
from designer.endpoints.models import Endpoint, MonitorWindow
from designer.endpoints.monitor_settings import settings_of
from designer.endpoints.monitoring import HOUR, Hour, hours, merged
from designer.http.errors import absent
from designer.notices.services import shown_address
from designer.workspaces.people import email_of
from pipelines.monitoring.judging import ColumnFigures, Verdict, judge
from pipelines.monitoring.profile import ColumnProfile, Profile
from pipelines.monitoring.tally import Tally

SHOWN_WINDOWS = 60
NO_REFERENCE = "This version was published before endpoints were watched. Publish it again to give it a reference."
NO_ROWS = "No row was counted yet. Rows appear here a few seconds after their request."


def drift(endpoint: Endpoint, number: int | None, now: datetime) -> monitor_schemas.EndpointDrift:
    """What a version shows; without a number the one with the most requests.

    Raises:
        Refusal: 404 for an unknown version.
    """
    stored: dict[int, Any] = dict(endpoint.versions.order_by("number").values_list("number", "profile"))
    shares = {int(each): share for each, share in endpoint.shares.items()}
    number = number if number is not None else max(shares, key=lambda each: shares[each], default=max(stored, default=0))
    if stored and number not in stored:
        raise absent()
    newest = [*endpoint.windows.filter(version=number).order_by("-start")[:SHOWN_WINDOWS]]
    shown = monitor_schemas.EndpointDrift(
        version=number,
        versions=[*stored],
        reference="",
        since=None,
        until=None,
        rows=0,
        left_out=0,
        words=NO_REFERENCE,
        drifted_importance=None,
        columns=[],
        signals=[],
        windows=[_window(row) for row in newest[::-1]],
        alarms=[
            monitor_schemas.OpenAlarm(row.version, row.column, row.kind, row.words, row.started_at)
            for row in endpoint.alarms.filter(ended_at=None).order_by("pk")
        ],
        settings=msgspec.to_builtins(settings_of(endpoint)),
        notices=monitor_schemas.EndpointNotices(email_of(endpoint.mailed) if endpoint.mailed else "", shown_address(endpoint.webhook)),
    )
    if not stored.get(number):
        return shown
    return _beside(shown, endpoint, msgspec.convert(stored[number], Profile), _current(endpoint, number, newest, now))


def _current(endpoint: Endpoint, number: int, newest: Sequence[MonitorWindow], now: datetime) -> list[Hour]:
    """The hours whose rows are shown: those since the last window once they are enough, else those of the last judged window, else all."""
    least = settings_of(endpoint).thresholds.least_rows
    judged = next((row for row in newest if row.verdict["state"] == "judged"), None)
    if judged is None:
        return hours(endpoint, number, now - 24 * HOUR)
    found = hours(endpoint, number, judged.start)
    since = [hour for hour in found if hour.start >= judged.end]
    return since if sum(hour.rows for hour in since) >= least else [hour for hour in found if hour.start < judged.end]


def _beside(
    shown: monitor_schemas.EndpointDrift, endpoint: Endpoint, profile: Profile, current: Sequence[Hour]
) -> monitor_schemas.EndpointDrift:
    tallies = merged(hour.tallies for hour in current)
    verdict = judge(profile, tallies, settings_of(endpoint).thresholds)
    figures = {each.column: each for each in verdict.columns}
    shown.reference = profile.words
    shown.rows, shown.left_out = sum(hour.rows for hour in current), sum(hour.left_out for hour in current)
    shown.words = verdict.words if shown.rows else NO_ROWS
    shown.drifted_importance = verdict.drifted_importance
    if current:
        shown.since, shown.until = current[0].start, current[-1].start + HOUR
    shown.columns = [_column(column, tallies.get(column.name, Tally()), figures.get(column.name)) for column in profile.columns]
    shown.signals = _signals(msgspec.to_builtins(verdict.signals))
    return shown


def _column(column: ColumnProfile, tally: Tally, figures: ColumnFigures | None) -> monitor_schemas.MonitorColumn:
    found = figures.drift if figures else None
    return monitor_schemas.MonitorColumn(
        name=column.name,
        role=column.role,
        kind=column.kind,
        why=column.why,
        labels=labels(column),
        reference=shares_of(column, column.tally),
        current=shares_of(column, tally),
        psi=found.psi if found else None,
        psi_limit=found.psi_limit if found else None,
        ks=found.ks if found else None,
        wasserstein=found.wasserstein if found else None,
        outside=figures.outside if figures else 0.0,
        invalid=figures.invalid if figures else 0.0,
        importance=column.importance,
    )


def labels(column: ColumnProfile) -> list[str]:
    """The names of the bins that are shown: groups of a number, categories, and rows without a value."""
    if column.kind == "number":
        ends = [column.edges[start - 1] for start in column.groups[1:]]
        if not ends:
            return ["all", "no value"]
        digits = next((each for each in range(6, 17) if len({f"{end:.{each}g}" for end in ends}) == len(ends)), 17)  # large ids are close
        texts = [f"{end:.{digits}g}" for end in ends]
        return [f"≤ {texts[0]}", *(f"{low} – {high}" for low, high in pairwise(texts)), f"> {texts[-1]}", "no value"]
    if column.kind == "category":
        return [*column.categories, "other", "new", "no value"]
    return ["value", "no value"]


def shares_of(column: ColumnProfile, tally: Tally) -> list[float]:
    """The share of rows in each bin that `labels` names; zeros without a row."""
    starts = column.groups if column.kind == "number" else [*range(len(column.tally.bins))]
    counts = np.add.reduceat(np.array(tally.bins or [0] * len(column.tally.bins), dtype=np.float64), starts)
    counts = np.append(counts, tally.missing)
    found: list[float] = (counts / max(1.0, float(counts.sum()))).tolist()
    return found


def _window(row: MonitorWindow) -> monitor_schemas.MonitorWindow:
    verdict = msgspec.convert(row.verdict, Verdict)
    return monitor_schemas.MonitorWindow(
        start=row.start,
        end=row.end,
        state=verdict.state,
        rows=row.rows,
        left_out=row.left_out,
        words=verdict.words,
        psi={each.column: each.drift.psi for each in verdict.columns if each.drift},
        drifted_importance=verdict.drifted_importance,
        signals=_signals(msgspec.to_builtins(verdict.signals)),
        alarms=_signals(row.alarms),
    )


def _signals(stored: Sequence[Mapping[str, Any]]) -> list[monitor_schemas.MonitorSignal]:
    return [monitor_schemas.MonitorSignal(one["column"], one["kind"], one["words"]) for one in stored]
