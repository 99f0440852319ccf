"""Celery tasks that beat schedules every hour."""

from __future__ import annotations

import logging

from celery import shared_task
from django.conf import settings

from designer.audit import trail
from designer.datasets.cleanup import delete_abandoned_uploads
from designer.endpoints.moves import forget_old_counts
from designer.store.services import clean, forget_histories, forget_sessions
from designer.workspaces.models import Workspace
from pipelines import flow

log = logging.getLogger(__name__)


@shared_task(name="pipelines.clean", ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def clean_all() -> None:
    """Clean every workspace; a failure of one does not affect the others."""
    for workspace in Workspace.objects.order_by("pk"):
        try:
            gone = clean(workspace)
        except Exception:
            log.exception("workspace %s could not be cleaned", workspace.pk)
            continue
        if gone.runs or gone.results or gone.files:
            log.info("workspace %s: %s runs, %s results and %s files went", workspace.pk, gone.runs, gone.results, gone.files)
    delete_abandoned_uploads()
    _clean_trail()
    _clean_histories()
    _clean_environments()
    forget_old_counts()
    flow.delete_unfinished()


def _clean_histories() -> None:
    try:
        forget_sessions()
        gone = forget_histories()
    except Exception:
        log.exception("old rows of histories could not be removed")
        return
    for name, rows in gone.items():
        if rows:
            log.info("%s rows of %s were older than %s days and went", rows, name, settings.EASEL_HISTORY_DAYS)


def _clean_environments() -> None:
    try:
        gone = flow.environments.remove_unused()
    except Exception:
        log.exception("directories of environments could not be removed")
        return
    if gone:
        log.info("%s directories of environments that nothing names any more went", len(gone))


def _clean_trail() -> None:
    try:
        gone = trail.forget_old()
    except Exception:
        log.exception("old rows of the audit trail could not be removed")
        return
    if gone:
        log.info("%s rows of the audit trail were older than %s days and went", gone, settings.EASEL_AUDIT_DAYS)
