"""`manage.py prepare`: bring the database up to date, register the samples, and print where to sign in. Run at every start."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from designer.datasets.cleanup import delete_abandoned_uploads
from designer.datasets.parsing.errors import Unreadable
from designer.datasets.samples import ensure_samples
from designer.documents import services
from designer.documents.models import Pipeline
from designer.documents.samples import samples
from designer.endpoints.models import Endpoint
from designer.http.disk_space import database_file
from designer.http.outages import explained
from designer.notices.services import hide_addresses, renew_secrets
from designer.readers import masked
from designer.schedules.models import Schedule
from designer.workspaces.links import local_owner, make_sign_in_link
from designer.workspaces.models import Workspace
from pipelines import flow

LOCK = 0x_EA5E_1000  # an advisory lock id that no other program uses in the same database
FIRST_SAMPLE = "automobile_price"


class Command(BaseCommand):
    """Prints the path of a one-time sign-in link as its last line."""

    help = "Migrate the database, register the samples, and print a one-time sign-in link that opens the first pipeline."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        _make_private()
        _try_store()
        with _alone():
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                call_command("migrate", verbosity=0, interactive=False)
            _prepare_samples()
            _renew_secrets(self.stderr.write)
        delete_abandoned_uploads()
        flow.delete_unfinished()
        self.stdout.write(f"{make_sign_in_link()}?next={quote(_first_page())}")


def _prepare_samples() -> None:
    try:
        ensure_samples()
    except Unreadable as unfit:  # such as a disk without space for them
        raise CommandError(f"The sample data cannot be stored at EASEL_STORE_URL. {unfit.words} {unfit.remedy}") from None


def _renew_secrets(warn: Callable[[str], Any]) -> None:
    """Encrypt the secrets of connections and webhooks with the current key, so that an old one may be removed from the settings."""
    hide_addresses(Schedule)
    lost = flow.outside.renew() + renew_secrets(Schedule, "webhook_secret", "hook_secret") + renew_secrets(Endpoint, "webhook_secret")
    if lost:
        warn(
            f"{lost} secrets of connections and webhooks were encrypted with another secret key. Add it to EASEL_OLD_SECRET_KEYS, or enter them again."
        )


def _make_private() -> None:
    """SQLite's file is readable for Easel's user alone; the files that SQLite creates beside it inherit its mode."""
    if file := database_file():
        file.touch(mode=0o600)
        for each in file.parent.glob(f"{file.name}*"):
            each.chmod(0o600)


def _try_store() -> None:
    """Store a file and read it, so that a wrong address gives one sentence and not a library's traceback."""
    store = flow.store(f"prepare-{uuid4().hex}")
    try:
        file = store.scratch()
        file.write_text("prepare")
        store.path(store.keep(file)[0])
        store.drop()
    except Exception as fault:
        if explained(fault) is not None:
            raise
        cause = " ".join(str(fault).split()) or type(fault).__name__
        raise CommandError(
            f"EASEL_STORE_URL is '{masked(settings.EASEL_STORE_URL)}', where no file can be stored: {cause}. "
            "Check the address, and the credentials that it needs."
        ) from None


@contextmanager
def _alone() -> Iterator[None]:
    """Only one process migrates at a time, on one machine or on several."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    else:
        with (settings.EASEL_HOME / "prepare.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _first_page() -> str:
    """The pipeline edited last; a new installation starts with a copy of the first sample."""
    owner = local_owner()
    workspaces = Workspace.objects.filter(memberships__user=owner)
    last = Pipeline.objects.filter(workspace__in=workspaces).order_by("-updated_at").first()
    workspace = workspaces.first()
    if last is None and workspace is not None:
        last = services.make(workspace, owner, document=samples()[FIRST_SAMPLE].document)
    return f"/pipelines/{last.pk}" if last else "/"
