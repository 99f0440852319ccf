"""Sends the events of runs to the address of OpenLineage, from rows: after an outage, they are sent then. No run waits for it."""

from __future__ import annotations

import json
import logging
import urllib.request
from base64 import b64encode
from datetime import timedelta
from http.client import HTTPException
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from designer.lineage.models import ReportedRun
from designer.lineage.openlineage import end_of, start_of
from pipelines.models import Run

log = logging.getLogger(__name__)
EVERY_SECONDS = 5.0
BACK = timedelta(days=1)  # how old a run may be whose events were never tried
LEASE = timedelta(seconds=60)
TIMEOUT_SECONDS = 10.0
MOST_AT_ONCE = 100
LONGEST_WAIT_SECONDS = 300
MOST_TRIES = 300  # about a day
KEPT = timedelta(days=7)


def deliver() -> int:
    """Send what is due, and return how many events were sent. Several processes may call it at once."""
    close_old_connections()
    _enrol()
    sent = 0
    for _ in range(MOST_AT_ONCE):
        due = ReportedRun.objects.filter(ReportedRun.unheld(), ended=False, due_at__lte=timezone.now())
        reported = ReportedRun.claim(due, LEASE)
        if reported is None:
            break
        told, is_taken = _tell(reported)
        sent += told
        if not is_taken:
            break
    return sent


def _enrol() -> None:
    """Make a row for each run that has none yet."""
    now = timezone.now()
    ReportedRun.objects.filter(ended=True, created_at__lt=now - KEPT).delete()
    new = Run.objects.filter(created_at__gt=now - BACK).exclude(document=None).exclude(pk__in=ReportedRun.objects.values("run"))
    ReportedRun.objects.bulk_create([ReportedRun(run=pk, due_at=now) for pk in new.values_list("pk", flat=True)], ignore_conflicts=True)


def _tell(reported: ReportedRun) -> tuple[int, bool]:
    """Send the events of a run that are due; of one that goes on, its start. Return how many were sent, and whether they are taken."""
    run = Run.objects.filter(pk=reported.run).first()
    if run is None:  # deleted before it could be told
        reported.release(ended=True)
        return 0, True
    sent = 0
    try:
        if not reported.started and (run.started_at or run.finished_at):
            _send(start_of(run))
            sent += 1
            reported.held().update(started=True, tries=0)
        if run.finished_at:
            _send(end_of(run))
            reported.release(started=True, ended=True)
            return sent + 1, True
    except (OSError, HTTPException) as away:  # the second is an answer that is none of HTTP
        _later(reported, str(getattr(away, "reason", away)) or type(away).__name__)
        return sent, False
    except Exception:
        log.exception("the events of run %s could not be made", run.pk)
        reported.release(ended=True)
        return sent, True
    reported.release(due_at=timezone.now() + timedelta(seconds=EVERY_SECONDS))
    return sent, True


def _later(reported: ReportedRun, why: str) -> None:
    tries = reported.tries + 1
    if tries >= MOST_TRIES:
        log.error("the events of run %s were not sent to EASEL_OPENLINEAGE_URL after %s tries: %s", reported.run, tries, why[:200])
        reported.release(ended=True, tries=tries)
        return
    if tries in (1, 10, 100):
        log.warning("EASEL_OPENLINEAGE_URL does not take events, which are tried again: %s", why[:200])
    wait = min(EVERY_SECONDS * 2 ** min(tries, 10), LONGEST_WAIT_SECONDS)
    reported.release(tries=tries, due_at=timezone.now() + timedelta(seconds=wait))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would send the key elsewhere."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def _send(event: dict[str, Any]) -> None:
    """Post an event; raises OSError where it is not taken."""
    headers = {"Content-Type": "application/json"}
    address = urlsplit(settings.EASEL_OPENLINEAGE_URL or "")
    who, _, host = address.netloc.rpartition("@")  # an error would repeat a password that is in an address
    if who:
        headers["Authorization"] = "Basic " + b64encode(unquote(who).encode()).decode()
    if settings.EASEL_OPENLINEAGE_KEY:
        headers["Authorization"] = f"Bearer {settings.EASEL_OPENLINEAGE_KEY}"
    asked = urllib.request.Request(urlunsplit(address._replace(netloc=host)), json.dumps(event).encode(), headers, method="POST")
    with _opener.open(asked, timeout=TIMEOUT_SECONDS) as answer:
        answer.read(1024)
