"""Write the module reference: `python manage.py reference docs/modules`. A list beside the folder, `docs/modules.toml`, becomes `docs/modules.md`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from pipelines.catalogue import coverage
from pipelines.catalogue.reference import address, pages


class Command(BaseCommand):
    """Writes a Markdown page for each shelf, made from the modules' docstrings and signatures."""

    help = "Write the module reference as Markdown, one page for each shelf."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where to write the pages")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages().items():
            (folder / name).write_text(text)
        if (listed := folder.with_suffix(".toml")).is_file():
            folder.with_suffix(".md").write_text(coverage.page(listed, lambda shelf, title: f"{folder.name}/{address(shelf, title)}"))
