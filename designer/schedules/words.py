"""Rules of recurrence in words, and their next times with what a person may not expect. No Django here."""

from __future__ import annotations

from calendar import day_abbr
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import msgspec

from designer.schedules.local_time import instant_of, is_repeated
from designer.schedules.times import Calendar, Cron, Every, Rule, Times, follows_clock, lines_of, parsed

SHOWN = 10
GAP = timedelta(hours=3)
UNITS = ((24 * 60, "day"), (60, "hour"), (1, "minute"))


class PlannedTime(msgspec.Struct):
    """A planned instant; its local time in the schedule's zone; and a note where the clock changes."""

    at: datetime
    local: str
    note: str


class Preview(msgspec.Struct):
    """A rule in words, remarks on it, and its next times."""

    words: str
    notes: list[str]
    next: list[PlannedTime]


def preview(times: Times, now: datetime, count: int = SHOWN) -> Preview:
    """A rule in words, and its next times."""
    zone = ZoneInfo(times.zone)
    shown = [PlannedTime(at, _local(at, zone), _note(times.rule, at, zone)) for at in islice(times.after(now), count)]
    return Preview(f"{words(times.rule)}, in the time zone {times.zone}", notes(times), shown)


def words(rule: Rule) -> str:
    """A rule as a sentence without a full stop."""
    if isinstance(rule, Every):
        size, unit = next((size, unit) for size, unit in UNITS if rule.minutes % size == 0)
        number = rule.minutes // size
        return f"Every {unit}" if number == 1 else f"Every {number} {unit}s"
    if isinstance(rule, Cron):
        return parsed(rule.line).explain().replace("  ", " ")
    if isinstance(rule, Calendar):
        days = "on the last day of the month" if rule.month_days == ["last"] else ""
        if numbers := [str(day) for day in rule.month_days if day != "last"]:
            days = f"on day {', '.join(numbers)}{' and the last day' if 'last' in rule.month_days else ''} of the month"
        if rule.weekdays:
            days = f"{days}{' if it is ' if days else 'on '}{', '.join(day_abbr[day - 1] for day in sorted(set(rule.weekdays)))}"
        return f"At {', '.join(sorted(set(rule.times)))} {days or 'every day'}"
    return f"At {len(rule.dates)} single {'time' if len(rule.dates) == 1 else 'times'}"


def notes(times: Times) -> list[str]:
    """What a person may not expect of a rule."""
    rule, found = times.rule, []
    if isinstance(rule, Cron):
        fields = rule.line.split()
        if fields[2] != "*" and fields[4] != "*":
            found.append("Both the day of the month and the day of the week must match. Some cron programs take either.")
        if follows_clock(rule.line):
            found.append("The hour follows the clock: on days of a clock change, an hour is left out or comes twice.")
    if isinstance(rule, Every):
        found.append("The interval counts elapsed time and does not notice changes of the clock.")
    named = [line for line in lines_of(rule) if not line.split()[2].startswith(("*", "L"))]
    days = sorted({day for line in named for day in parsed(line).days if day > 28})
    if days and not (isinstance(rule, Calendar) and "last" in rule.month_days):
        skipped = "February" if days[0] < 31 else "February, April, June, September and November"
        found.append(f"Months without day {days[0]} are left out: {skipped}{', but for leap years' if days[0] == 29 else ''}.")
    return found


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%a %d %b %Y, %H:%M %Z")


def _note(rule: Rule, at: datetime, zone: ZoneInfo) -> str:
    if isinstance(rule, Every):
        return ""
    local = at.astimezone(zone)
    before = (at - timedelta(seconds=1)).astimezone(zone)
    jumped = (local.utcoffset() or timedelta()) > (before.utcoffset() or timedelta())
    if jumped and not (isinstance(rule, Cron) and follows_clock(rule.line)):
        gap = local.replace(tzinfo=None) - timedelta(minutes=1)
        if instant_of(gap, zone) == at:
            return "The clock is put forward over the planned time. The run starts at the first instant after."
    if is_repeated(local.replace(tzinfo=None), zone):
        each = isinstance(rule, Cron) and follows_clock(rule.line)
        return f"The clock shows this time twice. A run starts at {'each' if each else 'the first'}."
    return ""


def local_words(at: datetime, zone: str) -> str:
    """An instant as its zone shows it."""
    return _local(at.astimezone(UTC), ZoneInfo(zone))
