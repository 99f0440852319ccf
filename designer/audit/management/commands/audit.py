"""`manage.py audit`: print the audit trail of the whole installation."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError

from designer.audit import queries
from designer.audit.models import AuditEntry, Outcome
from designer.http.errors import Refusal


class Command(BaseCommand):
    """Prints rows, oldest first."""

    help = "Print the audit trail as CSV or as a JSON object per line: what was done, by whom, from where, and whether it was allowed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as", dest="as_", choices=queries.FORMATS, default="jsonl")
        parser.add_argument("--workspace", help="only of this workspace (its id)")
        parser.add_argument("--who", help="only of people whose email has this in it")
        parser.add_argument("--action", help="only this action, such as member.change")
        parser.add_argument("--outcome", choices=Outcome.values)
        parser.add_argument("--since", help="a day or a time, such as 2026-11-27")
        parser.add_argument("--until", help="a day or a time; rows before it")

    def handle(self, *args: Any, as_: str, workspace: str | None, **options: Any) -> None:
        asked = {name: options[name] for name in ("who", "action", "outcome", "since", "until") if options.get(name)}
        try:
            found = queries.filtered(AuditEntry.objects.all(), asked)
        except Refusal as refusal:
            said = refusal.body["error"]
            raise CommandError(f"{said['words']} {said['remedy']}") from None
        queries.write(found if workspace is None else found.filter(workspace=workspace), as_, cast(TextIO, self.stdout))
