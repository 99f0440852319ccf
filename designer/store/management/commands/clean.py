"""`manage.py clean`: remove what workspaces no longer need, or list what would be removed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from designer.datasets.quota import size
from designer.store.services import clean, forget_histories
from designer.workspaces.models import Workspace
from pipelines.flow import GRACE_SECONDS


class Command(BaseCommand):
    """Prints one line per workspace."""

    help = "Remove runs and results past their time, and files that nothing needs; beat does the same every hour."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only list what would be deleted")
        parser.add_argument("--older-than", type=float, metavar="DAYS", help="instead of the run retention of each workspace")
        parser.add_argument("--workspace", metavar="ID", help="only this workspace")
        parser.add_argument(
            "--grace", type=float, default=GRACE_SECONDS, metavar="SECONDS", help="how long a file must have been unused; default: one hour"
        )

    def handle(self, *args: Any, dry_run: bool, older_than: float | None, workspace: str | None, grace: float, **options: Any) -> None:
        found = Workspace.objects.filter(pk=workspace) if workspace else Workspace.objects.order_by("name", "pk")
        if workspace and not found:
            raise CommandError(f"There is no workspace {workspace}.")
        if (older_than is not None and older_than < 0) or grace < 0:
            raise CommandError("Days and seconds must be at least 0.")
        for one in found:
            gone = clean(one, older_than=older_than, dry_run=dry_run, grace=grace)
            would = "would be deleted" if dry_run else "deleted"
            self.stdout.write(
                f"{one.name} ({one.pk}): {gone.runs:,} runs, {gone.results:,} results and {gone.files:,} files of {size(gone.bytes)} {would}; "
                f"{gone.later_files:,} files of {size(gone.later_bytes)} are deleted once unused for {grace:,.0f} s."
            )
        for name, rows in ({} if workspace else forget_histories(dry_run=dry_run)).items():
            self.stdout.write(f"{rows:,} rows of {name} {'would be deleted' if dry_run else 'deleted'}.")
