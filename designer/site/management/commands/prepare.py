"""`manage.py prepare`: bring the database up to date, register the samples, and print where to sign in. Run at every start."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from designer.datasets.leftovers import forget_uploads
from designer.datasets.samples import ensure_samples
from designer.documents import services
from designer.documents.models import Pipeline
from designer.documents.samples import samples
from designer.workspaces.links import local_owner, make_sign_in_link
from designer.workspaces.models import Workspace
from pipelines.flow import forget_unfinished

FIRST_SAMPLE = "automobile_price"


class Command(BaseCommand):
    """Prints the path of a one-time sign-in link as its last line."""

    help = "Migrate the database, register the samples, and print a one-time sign-in link that opens the first pipeline."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        with _alone():
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                call_command("migrate", verbosity=0, interactive=False)
            ensure_samples()
        forget_uploads()
        forget_unfinished()
        self.stdout.write(f"{make_sign_in_link()}?next={quote(_first_page())}")


@contextmanager
def _alone() -> Iterator[None]:
    """Two starts at once on one home do not migrate at once."""
    with (settings.EASEL_HOME / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _first_page() -> str:
    """The pipeline last worked on; a new installation starts with a copy of the first sample."""
    owner = local_owner()
    workspaces = Workspace.objects.filter(memberships__user=owner)
    last = Pipeline.objects.filter(workspace__in=workspaces).order_by("-updated_at").first()
    workspace = workspaces.first()
    if last is None and workspace is not None:
        last = services.make(workspace, owner, document=samples()[FIRST_SAMPLE].graph)
    return f"/pipelines/{last.pk}" if last else "/"
