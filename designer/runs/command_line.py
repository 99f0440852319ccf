"""Output of `manage.py run`: progress lines, and the metrics at the end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from designer.http.json import Ambiguous, unique
from pipelines import flow
from pipelines.catalogue.ports import REPORT
from pipelines.flow import Graph, PublicOutput, UnsoundGraph
from pipelines.models import Run


class UsageError(Exception):
    """An error that the caller must fix; the message is a sentence."""


def read_document(file: str) -> Graph:
    """The graph in a file.

    Raises:
        UsageError: When there is none.
    """
    try:
        return flow.read(json.loads(Path(file).read_bytes(), object_pairs_hook=unique))
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {(error.strerror or 'no such file').lower()}.") from None
    except UnsoundGraph as unsound:
        raise UsageError(f"{file} is not a pipeline document. " + " ".join(problem.words for problem in unsound.problems[:5])) from None
    except Ambiguous as error:
        raise UsageError(f"{file} cannot be read: {error}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{file} is not JSON: {error}.") from None


def with_settings(graph: Graph, settings: list[str]) -> Graph:
    """The graph with settings such as `split.fraction=0.7`; a value is JSON, else the text itself.

    Raises:
        UsageError: When one has another form, or names a node that does not exist.
    """
    for setting in settings:
        place, equals, text = setting.partition("=")
        node, dot, param = place.partition(".")
        if not (equals and dot and node and param):
            raise UsageError(f"--set {setting}: use node.setting=value, such as split.fraction=0.7.")
        if node not in graph.nodes:
            raise UsageError(f"--set {setting}: there is no node {node}; the nodes are {', '.join(graph.nodes)}.")
        graph = graph.with_params(node, **{param: _value(text)})
    return graph


def given_parameters(graph: Graph, given: list[str]) -> dict[str, Any]:
    """The values of parameters such as `fraction=0.7`; a value is JSON, else the text itself, which a parameter of text always is.

    Raises:
        UsageError: When one has another form, or is given twice. Names and values are checked when the run starts.
    """
    values: dict[str, Any] = {}
    for each in given:
        name, equals, text = each.partition("=")
        if not (equals and name):
            raise UsageError(f"--param {each}: use name=value, such as fraction=0.7.")
        if name in values:
            raise UsageError(f"--param {each}: {name} is given twice.")
        values[name] = text if graph.parameters.get(name, {}).get("type") in flow.TEXT_TYPES else _value(text)
    return values


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def step_line(event: dict[str, Any]) -> str | None:
    """The line for an event; None for events that are not shown."""
    if event["type"] == "log":
        return f"  {event['node']}: {event['line']}"
    if event["type"] != "step" or event["step"].get("state") not in ("done", "failed", "skipped", "cancelled"):
        return None
    step = event["step"]
    state = "reused" if step.get("reused") else step["state"]
    seconds = f"{step['seconds']:8.3f} s" if step.get("seconds") is not None else " " * 10
    error = f"  {step['error']['words']}" if step.get("error") else ""
    return f"{state:>9} {seconds}  {event['node']}{error}"


def outcome(run: Run) -> dict[str, Any]:
    """A finished run as one object."""
    steps = flow.steps(run)
    return {
        "state": run.state,
        "steps": {step.node: {"state": step.shown_state, "seconds": step.seconds, "reused": step.reused} for step, _ in steps},
        "left_out": run.left_out or [],
        "parameters": run.parameters or {},
        "reports": {
            f"{step.node}.{port}": report["metrics"] for step, outputs in steps for port, report in _reports(run, step.node, outputs)
        },
    }


def _reports(run: Run, node: str, outputs: Mapping[str, PublicOutput]) -> list[tuple[str, Any]]:
    ports = [port for port, output in outputs.items() if output.kind == REPORT]
    found = [(port, flow.output(run, node, port)) for port in ports]
    return [(port, flow.report(output, run.scope)) for port, output in found if output is not None]


def left_out_lines(left_out: list[dict[str, str]]) -> list[str]:
    """One line per node that was left out."""
    return [f"{each['node']} was left out: {each['reason']}" for each in left_out]


def parameter_lines(parameters: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """One line per parameter."""
    return [f"{name} = {json.dumps(each['value'])}{' (default)' * (each['source'] == 'default')}" for name, each in parameters.items()]


def report_lines(reports: dict[str, Any]) -> list[str]:
    """The figures of every report, as text."""
    lines = []
    for place, models in reports.items():
        for model in models:
            lines += ["", f"{place}: {model['name']}"]
            lines += [f"  {name.replace('_', ' '):<28} {_figure(value)}" for name, value in model["metrics"].items()]
    return lines


def _figure(value: Any) -> str:
    return f"{value:,.6g}" if isinstance(value, int | float) else str(value)
