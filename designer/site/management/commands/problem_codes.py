"""Write the reference of problem codes: `python manage.py problem_codes docs/problem-codes.md`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from designer.site.problem_codes import page


class Command(BaseCommand):
    """Writes a Markdown table of every problem code, with what it says and its remedy."""

    help = "Write the reference of problem codes as Markdown."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="where to write the page")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        file.write_text(page())
