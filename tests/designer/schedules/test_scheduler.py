"""The scheduler: every planned instant gets one row with its reason, and one run at most."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from designer.audit.models import AuditEntry
from designer.documents import services as documents
from designer.notices.models import Notice
from designer.schedules import controls, scheduler, services
from designer.schedules.models import Schedule, Tick
from designer.workspaces.models import Membership
from pipelines.models import Run
from tests.designer.conftest import Team
from tests.designer.schedules.conftest import MINUTELY, START, Make, end

MINUTE = timedelta(minutes=1)


def outcomes(schedule: Schedule) -> list[tuple[int, str]]:
    """Minute after the start, and outcome, in the order of the planned instants."""
    rows = Tick.objects.filter(schedule=schedule, origin="times").order_by("planned").values_list("planned", "outcome")
    return [(int((planned - START) / MINUTE), outcome) for planned, outcome in rows]


def reasons(schedule: Schedule) -> list[str]:
    return list(Tick.objects.filter(schedule=schedule).order_by("planned", "pk").values_list("reason", flat=True))


def test_each_planned_time_starts_one_run_however_often_it_is_looked(minutely: Make, team: Team) -> None:
    schedule = minutely()
    scheduler.look(START + timedelta(seconds=59.9))
    assert not Tick.objects.exists()
    for second in (60, 60.5, 61, 119):
        scheduler.look(START + timedelta(seconds=second))
    (tick,) = Tick.objects.all()
    run = Run.objects.get()
    assert (tick.outcome, tick.run, tick.planned, tick.late) == ("started", run.pk, START + MINUTE, False)
    assert (run.by, run.document) == ("Editor (schedule Nightly)", schedule.pipeline_id)
    row = AuditEntry.objects.get(action="run.start")
    assert (row.via, row.user_name, row.subject, row.details) == ("schedule", "editor@example.org", run.pk, {"schedule": "Nightly"})
    end(tick.run)
    scheduler.look(START + 2 * MINUTE)
    assert outcomes(schedule) == [(1, "started"), (2, "started")] and Run.objects.count() == 2


def test_a_clock_that_is_set_back_and_forward_gives_the_same_ticks(minutely: Make) -> None:
    schedule = minutely(overlap="parallel", catch_up="all")
    for minute in (1, 2, 3, 1, 0, 2, 4, 9, 3, 5, 10):
        scheduler.look(START + minute * MINUTE)
    assert outcomes(schedule) == [(minute, "started") for minute in range(1, 11)] and Run.objects.count() == 10


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [
        ("skip", ["started", "skipped", "skipped"]),
        ("queue_one", ["started", "skipped", "waiting"]),
        ("queue_all", ["started", "waiting", "waiting"]),
        ("cancel", ["started", "started", "started"]),  # a run without a step in progress is cancelled at once
        ("parallel", ["started", "started", "started"]),
    ],
)
def test_what_happens_while_an_earlier_run_is_in_progress(minutely: Make, policy: str, wanted: list[str]) -> None:
    schedule = minutely(overlap=policy)
    for minute in (1, 2, 3):
        scheduler.look(START + minute * MINUTE)
    assert [outcome for _, outcome in outcomes(schedule)] == wanted
    first = Run.objects.get(
        pk=Tick.objects.order_by("planned").values_list("run", flat=True)[0]
    )  # PostgreSQL's time stands still in a transaction
    assert (first.state == "cancelled") == (policy == "cancel")
    if policy != "cancel":
        end(first.pk)
    scheduler.look(START + 3.5 * MINUTE)
    waited = wanted.count("waiting") > 0
    assert [outcome for _, outcome in outcomes(schedule)].count("started") == wanted.count("started") + waited


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("last", {"missed": 119, "started": 1}),
        ("none", {"missed": 119, "started": 1}),  # the last is not late
        ("all", {"missed": 59, "started": 1, "waiting": 60}),
    ],
)
def test_what_was_missed_is_listed_and_caught_up_within_the_window(minutely: Make, kind: str, wanted: dict[str, int]) -> None:
    schedule = minutely(catch_up=kind, overlap="queue_all", window_seconds=3600)
    scheduler.look(START + 120 * MINUTE)
    told = [outcome for _, outcome in outcomes(schedule)]
    assert {outcome: told.count(outcome) for outcome in told} == wanted
    assert all(Tick.objects.filter(outcome="missed").values_list("reason", flat=True)) and Notice.objects.filter(kind="missed").count() == 1


def test_a_long_absence_leaves_a_row_for_each_planned_time(minutely: Make) -> None:
    schedule = minutely()
    now = START + 1300 * MINUTE
    for _ in range(4):
        scheduler.look(now)
    assert [minute for minute, _ in outcomes(schedule)] == list(range(1, 1301))
    assert Run.objects.count() == 1 and Tick.objects.get(outcome="started").planned == now


def test_a_late_run_says_why(minutely: Make) -> None:
    minutely(times={"rule": {"kind": "dates", "dates": ["2027-01-04T12:10:00"]}, "zone": "UTC"})
    scheduler.look(START + 15 * MINUTE)
    tick = Tick.objects.get()
    assert (tick.outcome, tick.late, tick.reason) == ("started", True, "No scheduler was running then.")


def test_a_pause_skips_and_an_edit_keeps_it(minutely: Make, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = minutely(overlap="parallel")
    scheduler.look(START + MINUTE)
    monkeypatch.setattr("django.utils.timezone.now", lambda: START + 1.5 * MINUTE)
    controls.pause(schedule, team.people["editor"], "holidays", None)
    scheduler.look(START + 3 * MINUTE)
    services.change(schedule, team.people["editor"], {"name": "Renamed", "parameters": {}})
    scheduler.look(START + 4 * MINUTE)
    assert outcomes(schedule) == [(1, "started"), (2, "skipped"), (3, "skipped"), (4, "skipped")]
    assert reasons(schedule)[1] == "The schedule was paused by Editor: holidays"
    monkeypatch.setattr("django.utils.timezone.now", lambda: START + 4.5 * MINUTE)
    controls.resume(schedule, catch_up=True)
    scheduler.look(START + 5 * MINUTE)
    assert outcomes(schedule) == [(1, "started"), (2, "skipped"), (3, "skipped"), (4, "started"), (5, "started")]


def test_a_pause_until_a_time_ends_by_itself(minutely: Make, team: Team) -> None:
    schedule = minutely(overlap="parallel")
    controls.pause(schedule, team.people["editor"], "", START + 3 * MINUTE)
    for minute in (1, 2, 3):
        scheduler.look(START + minute * MINUTE)
    assert outcomes(schedule) == [(1, "skipped"), (2, "skipped"), (3, "started")]


def test_failures_in_a_row_pause_it_and_a_success_is_told(minutely: Make) -> None:
    schedule = minutely(pause_after=2)

    def one(minute: int, state: str) -> None:
        scheduler.look(START + minute * MINUTE)
        end(Tick.objects.order_by("-planned")[0].run, state)
        scheduler.look(START + minute * MINUTE + timedelta(seconds=1))

    one(1, "failed")
    one(2, "done")
    one(3, "failed")
    one(4, "failed")
    scheduler.look(START + 5 * MINUTE)
    assert outcomes(schedule)[-1] == (5, "skipped") and reasons(schedule)[-1] == "The schedule was paused by Easel: 2 failures in a row."
    assert list(Notice.objects.order_by("pk").values_list("kind", flat=True)) == ["failed", "recovered", "failed", "failed", "paused"]


def test_who_lost_the_role_starts_nothing(minutely: Make, team: Team) -> None:
    schedule = minutely()
    Membership.objects.filter(user=team.people["editor"]).update(role="viewer")
    scheduler.look(START + MINUTE)
    schedule.refresh_from_db()
    assert not Run.objects.exists() and outcomes(schedule) == [(1, "failed")] and schedule.is_paused(START + MINUTE)
    assert "may not start runs" in schedule.pause_note and Notice.objects.get().kind == "paused"


def test_a_pipeline_that_cannot_run_is_said_at_the_tick(minutely: Make, team: Team) -> None:
    schedule = minutely()
    documents.replace(schedule.pipeline, documents.sound_document({"nodes": {}}), team.people["editor"], 1)
    scheduler.look(START + MINUTE)
    assert outcomes(schedule) == [(1, "failed")] and "nothing to run" in reasons(schedule)[0]


def test_an_unexpected_error_fails_the_tick_and_holds_nobody_up(minutely: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = minutely()

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("designer.runs.services.start", broken)
    scheduler.look(START + MINUTE)
    scheduler.look(START + MINUTE)
    assert outcomes(schedule) == [(1, "failed")] and "unexpected" in reasons(schedule)[0]


def test_new_times_count_from_now_on_and_start_no_instant_again(minutely: Make, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = minutely(overlap="parallel")
    for minute in (1, 2):
        scheduler.look(START + minute * MINUTE)
    for back in (0, 1.2):  # also with a clock that was set back
        monkeypatch.setattr("django.utils.timezone.now", lambda back=back: START + 2.5 * MINUTE - back * MINUTE)
        services.change(schedule, team.people["editor"], {"times": {**MINUTELY, "rule": {"kind": "cron", "line": "* * * * *"}}})
        services.change(schedule, team.people["editor"], {"times": MINUTELY})
    for minute in (1, 2, 3):
        scheduler.look(START + minute * MINUTE)
    assert outcomes(schedule) == [(1, "started"), (2, "started"), (3, "started")]


def test_jitter_is_the_same_each_time_and_does_not_move_the_planned_time(minutely: Make) -> None:
    schedule = minutely(jitter_seconds=50, overlap="parallel")
    for second in range(0, 600, 10):
        scheduler.look(START + timedelta(seconds=second))
    ticks = Tick.objects.filter(schedule=schedule).order_by("planned")
    delays = [(tick.due - tick.planned).total_seconds() for tick in ticks]
    assert [(tick.planned - START) / MINUTE for tick in ticks] == list(range(1, len(ticks) + 1)) and len(set(delays)) > 2
    assert all(0 <= delay <= 50 for delay in delays) and not any(tick.late for tick in ticks)


def test_run_now_and_backfill(minutely: Make, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = minutely()
    scheduler.look(START + MINUTE)
    end(Run.objects.get().pk)
    scheduler.look(START + 1.5 * MINUTE)
    controls.run_now(schedule, "parallel")
    scheduler.look(START + 1.5 * MINUTE)
    assert Tick.objects.get(origin="now").outcome == "started" and outcomes(schedule) == [(1, "started")]
    monkeypatch.setattr("django.utils.timezone.now", lambda: START + 10 * MINUTE)
    span = (START, START + 4 * MINUTE)
    listed = controls.backfill(schedule, *span, again=False, newest_first=False, dry=True)
    assert [(at - START) / MINUTE for at in listed] == [0, 2, 3, 4] and not Tick.objects.filter(origin="backfill").exists()
    controls.backfill(schedule, *span, again=True, newest_first=True, dry=False)
    assert Tick.objects.filter(origin="backfill", outcome="waiting").count() == 5
    assert controls.drop_waiting(schedule, team.people["editor"]) == 5


def test_very_old_ticks_go(minutely: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = minutely(overlap="parallel")
    for minute in range(1, 6):
        scheduler.look(START + minute * MINUTE)
    monkeypatch.setattr(scheduler, "KEPT_TICKS", 2)
    scheduler.forget(START)
    assert [minute for minute, _ in outcomes(schedule)] == [4, 5]
    scheduler.look(START + 5 * MINUTE)
    assert [minute for minute, _ in outcomes(schedule)] == [4, 5]


def test_what_came_before_an_edit_or_the_end_of_a_pause_has_its_rows(minutely: Make, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """No scheduler was running meanwhile."""
    schedule = minutely(overlap="parallel")
    controls.pause(schedule, team.people["editor"], "", None)
    monkeypatch.setattr("django.utils.timezone.now", lambda: START + 3.5 * MINUTE)
    controls.resume(schedule, catch_up=False)
    assert outcomes(schedule) == [(1, "skipped"), (2, "skipped"), (3, "skipped")]
    monkeypatch.setattr("django.utils.timezone.now", lambda: START + 5.2 * MINUTE)
    hourly = {**MINUTELY, "rule": {"kind": "cron", "line": "0 * * * *"}}
    services.change(schedule, team.people["editor"], {"times": hourly})
    assert outcomes(schedule)[3:] == [(4, "missed"), (5, "waiting")]
    scheduler.look(START + 60 * MINUTE)
    assert [minute for minute, _ in outcomes(schedule)] == [1, 2, 3, 4, 5, 60]
