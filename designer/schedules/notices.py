"""Notices of a workspace, and what is to be sent of them: rows, written in the transaction of what they tell of."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from designer.schedules.models import Delivery, Notice, Schedule

EMAIL, WEBHOOK = "email", "webhook"


def add(schedule: Schedule, kind: str, words: str, now: datetime, run: str | None = None) -> None:
    """Add a notice, and a delivery for each channel of its schedule."""
    notice = Notice.objects.create(
        workspace_id=schedule.workspace_id, schedule_id=schedule.pk, kind=kind, words=words[:500], run=run, at=now
    )
    if schedule.email and schedule.run_as and schedule.run_as.email and settings.EMAIL_HOST:
        Delivery.objects.create(notice=notice, channel=EMAIL, target=schedule.run_as.email, next_at=now)
    if schedule.webhook:
        Delivery.objects.create(notice=notice, channel=WEBHOOK, target=schedule.webhook, next_at=now)


def shown_address(address: str) -> str:
    """The address of a webhook without its path and query, which are the password of some services."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/…" if parts.path.strip("/") or parts.query else address
