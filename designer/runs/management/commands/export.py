"""`manage.py export FILE.json --script OUT.py`: write a pipeline document as code that needs no Easel."""

from __future__ import annotations

import io
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from designer.datasets.resolver import WorkspaceDatasets
from designer.documents.exports import write_data
from designer.http.errors import Refusal
from designer.runs.command_line import UsageError, read_document
from designer.workspaces.links import local_workspace
from pipelines import flow
from pipelines.flow import Exported, UnsoundGraph


class Command(BaseCommand):
    """Exports a document with the same code as the server."""

    help = "Write a pipeline document as a Python script or a notebook that needs no Easel. Exit code 2 if it cannot be exported."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the document, as JSON")
        parser.add_argument("--script", type=Path, metavar="OUT", help="write a script")
        parser.add_argument("--notebook", type=Path, metavar="OUT", help="write a notebook")
        parser.add_argument("--data", type=Path, metavar="DIR", help="write the datasets into a folder, as Parquet")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        if not any(options[name] for name in ("script", "notebook", "data")):
            self._end("Name what to write: --script OUT.py, --notebook OUT.ipynb or --data DIR.")
        try:
            graph = read_document(file)
            call_command("prepare", stdout=io.StringIO())
            workspace = local_workspace()
            code = flow.exported(graph, scope=workspace.pk, datasets=WorkspaceDatasets(workspace))
            for name in self._written(code, options):
                self.stdout.write(f"Wrote {name}")
        except (UsageError, Refusal) as mistake:
            self._end(str(mistake))
        except OSError as wrong:
            self._end(f"{wrong.filename} cannot be written: {wrong.strerror}.")
        except UnsoundGraph as unsound:
            self._end(
                "\n".join(f"{problem.node or ''}: {problem.words} {problem.remedy or ''}".strip(": ") for problem in unsound.problems)
            )

    @staticmethod
    def _written(code: Exported, options: dict[str, Any]) -> list[str]:
        for name, text in (("script", code.script), ("notebook", code.notebook)):
            if options[name]:
                options[name].write_text(text)
        if options["data"]:
            options["data"].mkdir(parents=True, exist_ok=True)
            write_data(code, options["data"])
        return [str(options[name]) for name in ("script", "notebook", "data") if options[name]]

    def _end(self, words: str) -> Any:
        self.stderr.write(words)
        sys.exit(2)
