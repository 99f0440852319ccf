"""Sending notices by email and webhook: at least once, from rows, in a thread of its own that holds nothing else up."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import msgspec
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F

from designer.notices import signatures
from designer.notices.models import Delivery
from designer.notices.services import EMAIL, webhook_of
from pipelines import flow
from pipelines.catalogue.connection import Secret, hide
from pipelines.catalogue.errors import ModuleError
from pipelines.outside import web

log = logging.getLogger(__name__)
MOST_TRIES = 12
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=6)
# Longer than a try takes, so that two senders do not try the same at once.
HELD = timedelta(minutes=2)
PIECE = 20
MAIL_SECONDS = 20


def deliver(now: datetime) -> None:
    """Try what is due. A process that is killed in a try leaves it due later."""
    due = Delivery.objects.filter(next_at__lte=now).order_by("next_at")
    for delivery in due.select_related("notice__schedule", "notice__endpoint")[:PIECE]:
        mine = Delivery.objects.filter(pk=delivery.pk, next_at=delivery.next_at)
        if mine.update(next_at=now + HELD, tries=F("tries") + 1):
            _try(delivery, now)


def _try(delivery: Delivery, now: datetime) -> None:
    error = ""
    try:
        (_mail if delivery.channel == EMAIL else _post)(delivery, now)
    except ModuleError as wrong:
        error = wrong.words
    except OSError as wrong:  # SMTP's own errors are among them
        error = hide(f"{type(wrong).__name__}: {wrong}", [Secret(settings.EMAIL_HOST_PASSWORD)])  # a server may repeat the login
    except Exception as wrong:
        log.exception("a notice could not be sent")
        error = f"An unexpected error occurred ({type(wrong).__name__})."
    tries = delivery.tries + 1
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 3**delivery.tries)
    again = now + pause if error and tries < MOST_TRIES else None
    Delivery.objects.filter(pk=delivery.pk).update(next_at=again, sent_at=None if error else now, error=error[:500])


def _mail(delivery: Delivery, now: datetime) -> None:
    notice, about = delivery.notice, delivery.notice.about
    body = f"{notice.words}\n\n{notice.at:%Y-%m-%d %H:%M} UTC\n{about.noun.capitalize()}: {about.name}"
    subject = " ".join(f"Easel: {notice.words}".split())[:150]
    EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [delivery.target], connection=get_connection(timeout=MAIL_SECONDS)).send()


def _post(delivery: Delivery, now: datetime) -> None:
    notice, about = delivery.notice, delivery.notice.about
    told = {
        "type": f"{about._meta.model_name}.{notice.kind}",
        "timestamp": notice.at.isoformat(),
        "data": {"words": notice.words, "workspace": notice.workspace_id, **about.facts, "run": notice.run},
    }
    body = msgspec.json.encode(told)
    secret, address = webhook_of(about)
    with flow.outside.reach_of():
        web.post(address, body, signatures.headers(secret, f"notice_{notice.pk}", int(now.timestamp()), body))
