"""Notices of a workspace, and what is to be sent of them: rows, written in the transaction of what they tell of."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Exists, F, Model, OuterRef, QuerySet

from designer.http.errors import Refusal
from designer.notices import signatures
from designer.notices.models import Channels, Delivery, Notice, NoticeRead
from pipelines import flow
from pipelines.catalogue.errors import ModuleError
from pipelines.outside.addresses import checked_addresses
from pipelines.outside.web import PORTS, checked_url

EMAIL, WEBHOOK = "email", "webhook"
KEPT = timedelta(days=90)


def add(about: Channels, kind: str, words: str, now: datetime, run: str | None = None) -> None:
    """Add a notice, and a delivery for each channel of what it is about."""
    notice = Notice.objects.create(
        workspace_id=about.workspace_id, kind=kind, words=words[:500], run=run, at=now, **{str(about._meta.model_name): about}
    )
    reader = about.reader
    if about.email and reader and reader.email and settings.EMAIL_HOST:
        Delivery.objects.create(notice=notice, channel=EMAIL, target=reader.email, next_at=now)
    if about.webhook:
        Delivery.objects.create(notice=notice, channel=WEBHOOK, target=about.webhook, next_at=now)


def shown_address(address: str) -> str:
    """The address of a webhook without its path and query, which are the password of some services."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/…" if parts.path.strip("/") or parts.query else address


def set_webhook(about: Channels, url: str | None) -> tuple[dict[str, str], list[str]]:
    """Set where notices are sent to. The address as it is shown means the one that is stored. The caller saves the row.

    Returns:
        A new secret by the name `webhook`, which is shown once, and notes on the address.

    Raises:
        Refusal: 422 for an address that may not be reached.
    """
    if url is None or url == shown_address(about.webhook) or _has_webhook(about, url):
        return {}, []
    about.webhook = about.webhook_secret = ""
    if not url:
        return {}, []
    notes = []
    try:
        place = checked_url(url)
        with flow.outside.reach_of():
            checked_addresses(place.hostname or "", place.port or PORTS[place.scheme])
    except ModuleError as wrong:
        if wrong.code != "unknown_host":  # it may be known later
            raise Refusal(422, wrong.code, wrong.words, remedy=wrong.remedy, field="webhook") from None
        notes.append(wrong.words)
    secret = signatures.new_secret()
    about.webhook, about.webhook_secret = shown_address(url), flow.outside.encrypt(f"{secret}\n{url}")
    return {"webhook": secret}, notes


def webhook_of(about: Channels) -> tuple[str, str]:
    """The secret and the whole address of a webhook.

    Raises:
        ModuleError: `secret_locked`, when they were encrypted with a key that the installation does not have.
    """
    secret, _, address = flow.outside.decrypt_text(about.webhook_secret).partition("\n")
    return secret, address


def hide_addresses(model: type[Channels]) -> None:
    """Encrypt the addresses that earlier versions stored in clear, beside their secrets. One whose secret is readable with no key stays as it is."""
    for about in model._default_manager.exclude(webhook=""):
        with suppress(ModuleError):
            secret, address = webhook_of(about)
            if not address:
                hidden = {"webhook": shown_address(about.webhook), "webhook_secret": flow.outside.encrypt(f"{secret}\n{about.webhook}")}
                model._default_manager.filter(pk=about.pk, webhook=about.webhook, webhook_secret=about.webhook_secret).update(**hidden)
                Delivery.objects.filter(channel=WEBHOOK, target=about.webhook).update(target=hidden["webhook"])


def _has_webhook(about: Channels, url: str) -> bool:
    """Whether this is the stored address, as far as it can be read."""
    with suppress(ModuleError):
        return webhook_of(about)[1] == url
    return False


def renew_secrets(model: type[Model], *fields: str) -> int:
    """Encrypt the secrets of a table with the current key of the installation; returns how many are readable with no key."""
    lost = 0
    for row in model._default_manager.all():
        for field in fields:
            if stored := getattr(row, field):
                fresh = flow.outside.renewed(stored)
                lost += fresh is None
                if fresh:
                    model._default_manager.filter(pk=row.pk, **{field: stored}).update(**{field: fresh})
    return lost


def unread(person: User) -> QuerySet[Notice]:
    """The notices of a person's workspaces that they have not read. What happened before they were a member is none."""
    mine = Notice.objects.filter(workspace__memberships__user=person, at__gte=F("workspace__memberships__since"))
    return mine.filter(~Exists(NoticeRead.objects.filter(notice=OuterRef("pk"), person=person)))


def mark_read(person: User, ids: list[int] | None) -> None:
    """Mark notices as read by a person; None for all. Ids that are not theirs are left alone."""
    found = unread(person) if ids is None else unread(person).filter(pk__in=ids)
    rows = [NoticeRead(notice_id=pk, person=person) for pk in found.values_list("pk", flat=True)]
    NoticeRead.objects.bulk_create(rows, ignore_conflicts=True)


def forget(now: datetime) -> None:
    """Delete old notices."""
    Notice.objects.filter(at__lt=now - KEPT).delete()
