"""Audit trail queries: filters, pages (newest first) and export files."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time
from typing import IO, Any

import msgspec
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime

from designer.actions import ACCOUNT, AUDITED, SIGN_INS
from designer.audit import schemas
from designer.audit.models import AuditEntry, Outcome
from designer.http.errors import Refusal

COLUMNS = (
    "id", "at", "who", "user", "action", "kind", "subject", "name", "workspace", "outcome", "status", "code", "via", "token", "address", "request_id", "details",
)  # fmt: skip
FORMATS = ("csv", "jsonl")
MOST_LISTED = 500
Entries = QuerySet[AuditEntry]


def filtered(found: Entries, asked: Mapping[str, str]) -> Entries:
    """The entries that match the query string: who, action, outcome, since and until.

    Raises:
        Refusal: For an invalid action, outcome or time.
    """
    if who := asked.get("who"):
        found = found.filter(user_name__icontains=who.replace("\x00", ""))
    if action := asked.get("action"):
        found = found.filter(action=_one_of("action", action, AUDITED))
    if outcome := asked.get("outcome"):
        found = found.filter(outcome=_one_of("outcome", outcome, Outcome.values))
    if since := asked.get("since"):
        found = found.filter(at__gte=_instant("since", since))
    if until := asked.get("until"):
        found = found.filter(at__lt=_instant("until", until))
    return found


def page(found: Entries, asked: Mapping[str, str]) -> schemas.AuditPage:
    """The newest entries older than `before`, and the `before` of the next page; null at the end."""
    limit = min(_number("limit", asked.get("limit"), 100), MOST_LISTED)
    if before := _number("before", asked.get("before"), 0):
        found = found.filter(pk__lt=before)
    listed = list(found.order_by("-pk")[: limit + 1])
    following = listed[limit - 1].pk if len(listed) > limit else None
    words = {name: audited.words for name, audited in AUDITED.items()}
    return schemas.AuditPage([*map(schemas.AuditEntry.of, listed[:limit])], following, words)


def of_person(user_id: int) -> Entries:
    """A person's sign-ins and account changes, and what others attempted on the account."""
    own = Q(user_id=user_id) | Q(kind="person", subject=str(user_id))
    return AuditEntry.objects.filter(own, action__in=(*SIGN_INS, *ACCOUNT))


def write(found: Entries, as_: str, file: IO[str]) -> None:
    """Write rows, oldest first, as CSV or as one JSON object per line."""
    rows = (msgspec.structs.asdict(schemas.AuditEntry.of(entry)) for entry in found.order_by("pk").iterator(2000))
    _write_csv(rows, file) if as_ == "csv" else file.writelines(_lines(rows))


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    return (json.dumps(row, default=_text, ensure_ascii=False) + "\n" for row in rows)


def _write_csv(rows: Iterable[dict[str, Any]], file: IO[str]) -> None:
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(row[name]) for name in COLUMNS] for row in rows)


def _cell(value: Any) -> str:
    """A CSV cell. A text that starts like a formula gets a leading apostrophe: spreadsheets evaluate formulas, and users choose the text."""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else "" if value is None else _text(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _one_of(field: str, value: str, allowed: Iterable[str]) -> str:
    if value not in allowed:
        raise Refusal(400, "bad_request", f"Unknown {field} {value[:40]!r}.", remedy=f"Use one of {', '.join(allowed)}.", field=field)
    return value


def _instant(field: str, value: str) -> datetime:
    """A time, or the start of a day; UTC unless it has an offset."""
    try:
        day = parse_date(value)
        found = datetime.combine(day, time.min) if day else parse_datetime(value.replace(" ", "+"))
    except ValueError:
        found = None
    if found is None:
        words = f"“{field}” must be a date or a time, not {value[:40]!r}."
        raise Refusal(400, "bad_request", words, remedy="Use a format such as 2026-11-27 or 2026-11-27T14:30:00Z.", field=field)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _number(field: str, value: str | None, default: int) -> int:
    if not value:
        return default
    if not (value.isascii() and value.isdecimal() and int(value[:19]) > 0 and len(value) < 19):
        raise Refusal(
            400,
            "bad_number",
            f"“{field}” must be a whole number of at least 1, not {value[:40]!r}.",
            remedy="Send a whole number.",
            field=field,
        )
    return int(value)
