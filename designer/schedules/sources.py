"""Events that triggers watch. Each source numbers its events under the lock of its row, so that a cursor never passes one that commits later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.db.models.signals import post_save
from django.utils import timezone

from designer.datasets.models import DatasetVersion
from designer.endpoints.models import EndpointAlarm
from designer.registry.models import Change
from designer.schedules.models import Event, Source
from pipelines.flow import State
from pipelines.models import Run

DATASET, PIPELINE, WEBHOOK = "dataset", "pipeline", "webhook"
MONITOR, ALIAS = "monitor", "alias"  # of an endpoint; of a registered model, as MODEL:ALIAS
COLLECTED = (PIPELINE, MONITOR, ALIAS)
LOOK_BACK = timedelta(hours=1)  # clocks of workers differ, and a run commits later than it ends
MOST = 500


def watch_datasets() -> None:
    """Add an event with each new dataset version, in the transaction that makes it."""
    post_save.connect(_new_version, sender=DatasetVersion, dispatch_uid="schedules")


def _new_version(instance: DatasetVersion, created: bool, **_: Any) -> None:
    if not created or not Source.objects.filter(kind=DATASET, subject=instance.dataset_id).exists():
        return
    with transaction.atomic():
        source = Source.objects.select_for_update().get(kind=DATASET, subject=instance.dataset_id)
        if source.digest == instance.digest:
            return  # the same bytes are no change
        source.digest = instance.digest
        _append(source, str(instance.pk), f"Version {instance.number} of the dataset", timezone.now())


def receive(source: Source, ref: str, words: str, now: datetime) -> bool:
    """Add an event that is known by `ref`; returns False when it was already there."""
    with transaction.atomic():
        locked = Source.objects.select_for_update().get(pk=source.pk)
        if Event.objects.filter(source=locked, ref=ref).exists():
            return False
        _append(locked, ref, words, now)
        return True


def collect(now: datetime) -> None:
    """Add an event for whatever happened at the sources that are watched, but datasets and webhooks, which add their own."""
    for source in Source.objects.filter(kind__in=COLLECTED, cursors__isnull=False).distinct():
        collect_from(source, now)


def _happened(source: Source) -> tuple[QuerySet[Any], str, str]:
    """The rows that are events of a source, the field with their time, and words for each."""
    if source.kind == MONITOR:
        return EndpointAlarm.objects.filter(endpoint=source.subject), "started_at", "An alarm of the endpoint"
    if source.kind == ALIAS:
        model, _, alias = source.subject.partition(":")
        return Change.objects.filter(model=model, alias=alias, after__isnull=False), "at", f"The alias {alias} was moved"
    whole = Run.objects.filter(document=source.subject, state=State.DONE, to__isnull=True, verifies=None)
    return whole, "finished_at", "A successful run of the pipeline"


def collect_from(source: Source, now: datetime) -> None:
    """Add the events of a source that have none yet."""
    rows, time, words = _happened(source)
    known = Event.objects.filter(source=source, ref=Cast(OuterRef("pk"), CharField(max_length=100)))
    recent = rows.filter(**{f"{time}__gte": source.since - LOOK_BACK}).filter(~Exists(known))
    found = [(str(pk), at) for pk, at in recent.order_by(time).values_list("pk", time)[:MOST]]
    if not found:
        return
    with transaction.atomic():
        locked = Source.objects.select_for_update().get(pk=source.pk)
        there = set(Event.objects.filter(source=locked, ref__in=[ref for ref, _ in found]).values_list("ref", flat=True))
        for ref, at in found:
            locked.since = max(locked.since, at or now)
            if ref not in there:
                _append(locked, ref, words, now)
        locked.save(update_fields=["since"])


def _append(source: Source, ref: str, words: str, at: datetime) -> None:
    """Number an event; the row of the source is locked."""
    source.last += 1
    Event.objects.create(source=source, number=source.last, ref=ref, words=words, at=at)
    source.save(update_fields=["last", "digest"])


def source_of(kind: str, subject: str, now: datetime) -> Source:
    """The source of a subject. What happened before it is first watched is no event, or one that is already read."""
    digest = ""
    if kind == DATASET:
        last = DatasetVersion.objects.filter(dataset_id=subject).order_by("-number").first()
        digest = last.digest if last else ""
    source, _ = Source.objects.get_or_create(kind=kind, subject=subject, defaults={"digest": digest, "since": now})
    if kind in COLLECTED:
        collect_from(source, now)
        source.refresh_from_db()
    return source
