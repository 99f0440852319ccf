"""Rules of recurrence in a time zone, and the instants that they give. No Django here.

A fixed local time comes once per local date that has it. An interval counts elapsed time. A cron line whose hour begins with * follows the clock.
"""

from __future__ import annotations

import difflib
import heapq
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

import msgspec
from cronsim import CronSim, CronSimError

from designer.http.misread import misread
from designer.schedules.local_time import instant_of, zone_names

MOST = 100
MINUTE = timedelta(minutes=1)
LONGEST_GAP = timedelta(hours=25)  # a zone once skipped a whole day
Minutes = Annotated[int, msgspec.Meta(ge=1, le=366 * 24 * 60)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
CRON_FIELDS = (("minute", 60), ("hour", 24), ("day of the month", 31), ("month", 12), ("day of the week", 7))
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
Weekday = Annotated[int, msgspec.Meta(ge=1, le=7)]
MonthDay = Annotated[int, msgspec.Meta(ge=1, le=31)] | Literal["last"]
Several = msgspec.Meta(min_length=1, max_length=MOST)


class BadTimes(ValueError):
    """Times that cannot be used: a code for programs, the field, and words and a remedy for people."""

    def __init__(self, code: str, field: str, words: str, remedy: str) -> None:
        super().__init__(words)
        self.code, self.field, self.words, self.remedy = code, field, words, remedy


class Every(msgspec.Struct, frozen=True, tag="every", tag_field="kind"):
    """An interval in elapsed minutes, counted from an anchor: it does not notice changes of the clock."""

    minutes: Minutes
    anchor: Instant

    def after(self, instant: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        step = timedelta(minutes=self.minutes)
        first = self.anchor.astimezone(UTC)
        at = first + step * max(0, (instant - first) // step + 1)
        while at.year < 9000:
            yield at
            at += step


class Calendar(msgspec.Struct, frozen=True, tag="calendar", tag_field="kind"):
    """Times of day, on all days, on days of the week (1 is Monday), or on days of the month, where `last` is the last one."""

    times: Annotated[list[str], Several]
    weekdays: Annotated[list[Weekday], msgspec.Meta(max_length=7)] = []
    month_days: Annotated[list[MonthDay], msgspec.Meta(max_length=32)] = []

    def __post_init__(self) -> None:
        if wrong := [time for time in self.times if not CLOCK.fullmatch(time)]:
            raise ValueError(f"“{wrong[0][:20]}” is not a time of day such as 07:30")

    def lines(self) -> list[str]:
        """The cron lines that give the same times. A last day has a line of its own."""
        weekdays = ",".join(str(day) for day in self.weekdays) or "*"
        numbers = ",".join(str(day) for day in self.month_days if day != "last")
        days = [*([numbers] if numbers else []), *(["L"] if "last" in self.month_days else [])] or ["*"]
        return [f"{int(time[3:])} {int(time[:2])} {each} * {weekdays}" for time in self.times for each in days]

    def after(self, instant: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        return heapq.merge(*(_after(line, instant, zone) for line in self.lines()))


class Cron(msgspec.Struct, frozen=True, tag="cron", tag_field="kind"):
    """A cron line of five fields. Where both the day of the month and the day of the week are given, both must match."""

    line: Annotated[str, msgspec.Meta(max_length=200)]

    def after(self, instant: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        return _after(self.line, instant, zone)


class Dates(msgspec.Struct, frozen=True, tag="dates", tag_field="kind"):
    """Single local times."""

    dates: Annotated[list[Annotated[datetime, msgspec.Meta(tz=False)]], Several]

    def after(self, instant: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        found = {instant_of(local.replace(microsecond=0), zone) for local in self.dates}
        return iter(sorted(each for each in found if each is not None and each > instant))


Rule = Every | Calendar | Cron | Dates
KINDS = sorted(str(each.__struct_config__.tag) for each in get_args(Rule))


class Times(msgspec.Struct, frozen=True):
    """When a schedule starts runs.

    Args:
        rule: The rule.
        zone: The IANA name of the time zone of its local times.
        starts_at, ends_at: No run before the first, none after the second.
        excluded: Local dates without a run.
    """

    rule: Rule
    zone: str
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    excluded: Annotated[list[date], msgspec.Meta(max_length=1000)] = []

    def after(self, instant: datetime) -> Iterator[datetime]:
        """The planned instants later than this one: UTC, increasing, each once."""
        zone = ZoneInfo(self.zone)
        from_ = max(instant, self.starts_at - timedelta(microseconds=1)) if self.starts_at else instant
        before = from_
        for at in self.rule.after(from_, zone):
            if self.ends_at and at > self.ends_at:
                return
            if at > before and at.astimezone(zone).date() not in self.excluded:
                yield at
                before = at


def read_times(given: object) -> Times:
    """Times from JSON.

    Raises:
        BadTimes: When they are malformed, or never come.
    """
    try:
        times = msgspec.convert(given, Times)
    except msgspec.ValidationError as wrong:
        words = misread(wrong)
        remedy = f"Use one of {', '.join(KINDS)}." if words.startswith("“rule.kind”") else "Correct the named part."
        raise BadTimes("bad_times", "times", f"The times cannot be read: {words}.", remedy) from None
    rule = times.rule
    named = [times.starts_at, times.ends_at, *(rule.dates if isinstance(rule, Dates) else [rule.anchor] if isinstance(rule, Every) else [])]
    if any(at is not None and not 1970 < at.year < 3000 for at in named):
        raise BadTimes("bad_times", "times", "A time is not between the years 1971 and 2999.", "Correct the year.")
    if times.zone not in zone_names():
        names = {name.casefold(): name for name in zone_names()}
        near = difflib.get_close_matches(times.zone[:60].casefold(), names, 1, 0.8)
        remedy = "Use an IANA name such as Europe/Berlin or UTC." + (f" Is {names[near[0]]} meant?" if near else "")
        raise BadTimes("unknown_zone", "zone", f"“{times.zone[:60]}” is not a time zone.", remedy)
    for line in lines_of(rule):
        parsed(line)
    return times


def lines_of(rule: Rule) -> list[str]:
    """The cron lines of a rule."""
    return [rule.line] if isinstance(rule, Cron) else rule.lines() if isinstance(rule, Calendar) else []


def first_after(times: Times, instant: datetime) -> datetime:
    """The next planned instant.

    Raises:
        BadTimes: `never`, when there is none.
    """
    try:
        return next(times.after(instant))
    except (StopIteration, CronSimError):
        if times.ends_at and times.ends_at <= instant:
            words = f"The last time allowed, {times.ends_at.astimezone(ZoneInfo(times.zone)):%Y-%m-%d %H:%M} {times.zone}, is over."
            raise BadTimes("never", "times", words, "Choose a later end, or none.") from None
        if times.starts_at and times.ends_at and times.ends_at <= times.starts_at:
            raise BadTimes("never", "times", "The end is not after the start.", "Choose a later end, or none.") from None
        words = "These times never come, such as 31 February or a date that is over."
        raise BadTimes("never", "times", words, "Choose times of which at least one lies ahead.") from None


def check_steps(times: Times) -> None:
    """Refuse a step that is longer than its field, such as */90: it comes each hour, and not every 90 minutes.

    Raises:
        BadTimes: Naming the field.
    """
    line = times.rule.line if isinstance(times.rule, Cron) else ""
    for text, (name, values) in zip(line.split(), CRON_FIELDS, strict=False):
        if beyond := [step for step in re.findall(r"/(\d+)", text) if int(step) > values]:
            words = f"The {name} of “{line[:60]}” has the step {beyond[0]}, and there are {values} values."
            raise BadTimes("bad_cron", "rule", words, "Choose an interval for what comes less often.")


def follows_clock(line: str) -> bool:
    """Whether a cron line follows the times that the clock shows: its hour is * or */n."""
    return line.split()[1].startswith("*")


def parsed(line: str) -> CronSim:
    """A cron line, parsed.

    Raises:
        BadTimes: When it is malformed or never comes.
    """
    start = datetime(2026, 1, 1)
    if len(line.split()) != 5:
        remedy = "Give minute, hour, day of the month, month and day of the week, such as 30 6 * * 1-5."
        raise BadTimes("bad_cron", "rule", f"“{line[:60]}” does not have the five fields of a cron line.", remedy)
    try:
        next(iter(_both(line, start)))
        return CronSim(line, start)
    except CronSimError as wrong:
        days = line.split()[2].split(",")
        if "day-of-month" in str(wrong) and all(day.isdecimal() and 1 <= int(day) <= 31 for day in days):
            words = f"“{line[:60]}” never comes: no month that it names has that day."
            raise BadTimes("never", "rule", words, "Choose a day that the month has, or L for its last day.") from None
        field = str(wrong).removeprefix("Bad ").replace("-", " ")
        remedy = "Give minute, hour, day of the month, month and day of the week, such as 30 6 * * 1-5."
        raise BadTimes("bad_cron", "rule", f"“{line[:60]}” is not a cron line: its {field} is wrong.", remedy) from None
    except StopIteration:
        raise BadTimes("never", "rule", f"“{line[:60]}” never comes within fifty years.", "Choose days that come together.") from None


def _after(line: str, instant: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The instants of a cron line, increasing; a gap of the clock may give one of them several times."""
    if follows_clock(line):
        for at in _both(line, instant.astimezone(zone)):
            yield at.astimezone(UTC)
        return
    # As local times without a zone, which each become an instant.
    for local in _both(line, instant.astimezone(zone).replace(tzinfo=None) - LONGEST_GAP):
        planned = instant_of(local, zone)
        if planned is not None and planned > instant:
            yield planned


def _both(line: str, start: datetime) -> Iterable[datetime]:
    """A line's times, where the day of the month and the day of the week must both match."""
    found = CronSim(line, start)
    found.day_and = True
    return found
