"""Events that triggers watch. Each source numbers its events under the lock of its row, so that a cursor never passes one that commits later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.signals import post_save
from django.utils import timezone

from designer.datasets.models import DatasetVersion
from designer.schedules.models import Event, Source
from pipelines.flow import State
from pipelines.models import Run

DATASET, PIPELINE, WEBHOOK = "dataset", "pipeline", "webhook"
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
    """Add an event for each whole run that was successful, of the pipelines that are watched."""
    for source in Source.objects.filter(kind=PIPELINE, cursors__isnull=False).distinct():
        collect_runs(source, now)


def collect_runs(source: Source, now: datetime) -> None:
    """Add the events of a pipeline's runs that have none yet."""
    known = Event.objects.filter(source=source, ref=OuterRef("pk"))
    whole = Run.objects.filter(document=source.subject, state=State.DONE, to__isnull=True, verifies=None)
    ended = whole.filter(finished_at__gte=source.since - LOOK_BACK)
    found = list(ended.filter(~Exists(known)).order_by("finished_at").values_list("pk", "finished_at")[:MOST])
    if not found:
        return
    with transaction.atomic():
        locked = Source.objects.select_for_update().get(pk=source.pk)
        there = set(Event.objects.filter(source=locked, ref__in=[run for run, _ in found]).values_list("ref", flat=True))
        for run, at in found:
            locked.since = max(locked.since, at or now)
            if run not in there:
                _append(locked, run, "A successful run of the pipeline", now)
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
    if kind == PIPELINE:
        collect_runs(source, now)
        source.refresh_from_db()
    return source
