"""The origin of a model: facts of the run that made it, kept with the version, since runs are cleaned up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

import msgspec

from designer.datasets.models import DatasetVersion
from designer.datasets.names import seen_from
from designer.registry.models import ModelVersion
from designer.workspaces.models import Workspace
from pipelines import flow
from pipelines.models import Run

LONGEST_SETTING = 2000  # characters of a setting's JSON; a longer one, such as a script or entered rows, is kept as its hash


def origin_of(run: Run, node: str, port: str, workspace: Workspace) -> dict[str, Any]:
    """The pipeline, the data, the code and the settings that a model was made of, as JSON."""
    plan = run.read_plan().up_to(node)
    receipt = flow.receipt(run)
    steps = {name: receipt.steps[name] for name in plan.steps if name in receipt.steps}
    libraries: dict[str, str] = {}
    for step in steps.values():
        libraries |= (step.ingredients or {}).get("libraries", {})
    return {
        "run": run.pk,
        "node": node,
        "port": port,
        "pipeline": {"id": run.document, "name": run.graph.get("name") or "", "digest": _digest(run.graph)},
        "run_by": run.by,
        "run_at": run.created_at.isoformat(),
        "receipt": receipt.digest,
        "parameters": {name: value["value"] for name, value in (run.parameters or {}).items()},
        "libraries": dict(sorted(libraries.items())),
        "steps": [
            {
                "node": name,
                "title": run.graph["nodes"].get(name, {}).get("title") or "",
                "module": step.module,
                "code": ((step.ingredients or {}).get("module") or {}).get("source"),
                "settings": {key: _short(value) for key, value in plan.steps[name].settings.items()},
            }
            for name, step in steps.items()
        ],
        "datasets": [found for name in plan.steps for found in _datasets(run, name, plan.steps[name].datasets, workspace)],
    }


def _datasets(run: Run, node: str, records: Mapping[str, Mapping[str, Any]], workspace: Workspace) -> list[dict[str, Any]]:
    params = run.graph["nodes"].get(node, {}).get("params", {})
    found = []
    for param, record in records.items():
        name, digest = params.get(param), record["digest"]
        parent = ModelVersion.objects.filter(model__workspace=workspace, digest=digest).select_related("model").first()
        version = DatasetVersion.objects.filter(seen_from(workspace, "dataset__"), dataset__name=name, digest=digest).order_by("-number")
        number = parent.number if parent else version.values_list("number", flat=True).first()
        found.append(
            {"node": node, "name": parent.model.name if parent else name, "version": number, "digest": digest, "kind": record["kind"]}
        )
    return found


def metrics_of(run: Run, node: str, name: str | None) -> list[dict[str, Any]]:
    """The figures of the evaluations after a node: those of the model's own row, where a report compares several.

    Args:
        run: The run.
        node: The node that gave the model.
        name: The name of the model in reports; None if it is not known.
    """
    plan = run.read_plan()
    after = plan.shape.downstream([node])
    found = []
    for step, outputs in flow.steps(run):
        for port in [port for port, output in outputs.items() if output.headline] if step.node in after else ():
            sources = [end.node for ends in plan.steps[step.node].sources.values() for end in ends]
            for title, block in _figure_blocks(run, step.node, port):
                rows = _own_rows(block.get("rows", []), name, [source == node or source in after for source in sources])
                found += _figures(block["columns"], rows, step.node, title)
    return found


def _own_rows(rows: list[Mapping[str, Any]], name: str | None, is_own: list[bool]) -> list[Mapping[str, Any]]:
    """The rows of a model in a report; of several models of one name, which the report numbers, those of the inputs that come from this one."""
    if own := [row for row in rows if row["name"] == name]:
        return own
    if len(rows) == len(is_own) and any(row["name"].rpartition(" ")[0] == name for row in rows):
        return [row for row, own_input in zip(rows, is_own, strict=True) if own_input]
    return rows


def _figure_blocks(run: Run, node: str, port: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    output = flow.output(run, node, port)
    report: Mapping[str, Any] = (flow.report(output, run.scope) if output else None) or {}
    for block in report.get("blocks", ()):
        if block.get("type") == "figures":
            yield report["title"], block


def _figures(columns: list[Mapping[str, Any]], rows: list[Mapping[str, Any]], node: str, title: str) -> list[dict[str, Any]]:
    return [
        {
            "node": node,
            "evaluation": title,
            "model": row["name"],
            "rows": row.get("rows"),
            "key": column["key"],
            "title": column["title"],
            "better": column["better"],
            "value": value,
            "interval": (row.get("intervals") or {}).get(column["key"]),
        }
        for row in rows
        for column in columns
        if isinstance(value := row["values"].get(column["key"]), int | float) and not isinstance(value, bool)
    ]


def _short(value: Any) -> Any:
    text = msgspec.json.encode(value)
    return value if len(text) <= LONGEST_SETTING else {"sha256": sha256(text).hexdigest(), "bytes": len(text)}


def _digest(value: Any) -> str:
    return sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()
