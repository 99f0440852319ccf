"""`manage.py run FILE.json`: run a pipeline document in this process, without a server."""

from __future__ import annotations

import io
import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from designer.datasets.resolver import WorkspaceDatasets
from designer.runs.command_line import (
    UsageError,
    given_parameters,
    left_out_lines,
    outcome,
    parameter_lines,
    read_document,
    report_lines,
    step_line,
    with_settings,
)
from designer.workspaces.links import local_workspace
from pipelines import flow
from pipelines.flow import Graph, UnsoundGraph
from pipelines.models import Run


class Command(BaseCommand):
    """Runs a document with the same engine as the server."""

    help = (
        "Execute a pipeline document, and print each step and the metrics of each report. Exit code 1 if a step fails, 2 for a usage error."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the document, as JSON")
        parser.add_argument("--set", action="append", default=[], metavar="NODE.SETTING=VALUE", help="change a setting for this run")
        parser.add_argument("--param", action="append", default=[], metavar="NAME=VALUE", help="give a parameter of the pipeline a value")
        parser.add_argument("--preset", default="", metavar="NAME", help="give parameters the values of a preset of the document")
        parser.add_argument("--force", action="store_true", help="execute every step, even where its result is cached")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, file: str, force: bool, **options: Any) -> None:
        quiet = options["json"]
        try:
            graph = with_settings(read_document(file), options["set"])
            parameters = given_parameters(graph, options["param"])
            call_command("prepare", stdout=io.StringIO())
            run = self._run(graph, quiet, parameters=parameters, preset=options["preset"], force=force)
        except UsageError as mistake:
            self._end(2, str(mistake))
        except UnsoundGraph as unsound:
            self._end(2, "\n".join(f"{problem.words} {problem.remedy or ''}".strip() for problem in unsound.problems))
        told = outcome(run)
        lines = [
            *parameter_lines(told["parameters"]),
            *report_lines(told["reports"]),
            "",
            *left_out_lines(told["left_out"]),
            f"The run is {run.state}.",
        ]
        self.stdout.write(json.dumps(told) if quiet else "\n".join(lines))
        if run.state != "done":
            sys.exit(1)

    def _run(self, graph: Graph, quiet: bool, **asked: Any) -> Run:
        workspace = local_workspace()

        def tell(event: dict[str, Any]) -> None:
            line = step_line(event)
            if line and not quiet:
                self.stdout.write(line)

        datasets = WorkspaceDatasets(workspace)
        return flow.run_locally(graph, scope=workspace.pk, datasets=datasets, on_event=tell, **asked)

    def _end(self, code: int, words: str) -> Any:
        self.stderr.write(words)
        sys.exit(code)
