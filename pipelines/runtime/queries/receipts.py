"""Receipts: what a run was made of and what came out, by hashes; and the first difference between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any, Literal

import msgspec

from pipelines.compilation import Plan
from pipelines.execution.fingerprint import differences, in_words
from pipelines.execution.output import Output
from pipelines.execution.schedule import State
from pipelines.models import Result, Run, Step

FORMAT = 1


class OutputReceipt(msgspec.Struct, frozen=True):
    """The hashes of an output; of one that is not stored, of what it is computed from."""

    kind: str
    digest: str
    report: str | None
    stored: bool


class StepReceipt(msgspec.Struct, frozen=True):
    """A step: what its result depends on, and the result."""

    module: str
    state: str
    made_by: Annotated[str | None, msgspec.Meta(description="The run that computed the result; null when it is not kept any more.")]
    key: Annotated[str, msgspec.Meta(description="The hash of the ingredients.")]
    ingredients: Annotated[dict[str, Any] | None, msgspec.Meta(description="Module code, libraries, settings, data and inputs by hash.")]
    outputs: dict[str, OutputReceipt]


class Receipt(msgspec.Struct, frozen=True):
    """A run as hashes."""

    format: int
    run: str
    pipeline: str | None
    workspace: str
    started_by: str
    state: str
    created_at: str
    finished_at: str | None
    parameters: dict[str, Any]
    datasets: Annotated[dict[str, dict[str, str]], msgspec.Meta(description="The hashes of datasets, by node and setting.")]
    steps: dict[str, StepReceipt]
    digest: Annotated[str, msgspec.Meta(description="SHA-256 of the parameters, datasets and steps, as JSON with sorted keys.")]


class Verdict(msgspec.Struct, frozen=True):
    """Whether a run gave what an earlier one gave; the first step that differs, in the order of the flow, and how."""

    state: Literal["going", "equal", "differs"]
    against: str
    words: str
    node: str | None = None
    compared: int = 0


def receipt(run: Run) -> Receipt:
    """Return the receipt of a run."""
    plan = run.read_plan()
    rows = {step.node: step for step in Step.of_nodes().filter(run=run)}
    made = {result.key: result for result in Result.objects.filter(scope=run.scope, key__in={row.key for row in rows.values() if row.key})}
    steps = {node: _step(planned.module, rows.get(node), made) for node, planned in plan.steps.items()}
    datasets, parameters = _datasets(plan), run.parameters or {}
    core = {"parameters": parameters, "datasets": datasets, "steps": steps}
    return Receipt(
        format=FORMAT,
        run=run.id,
        pipeline=run.document,
        workspace=run.scope,
        started_by=run.by,
        state=run.state,
        created_at=run.created_at.isoformat(),
        finished_at=run.finished_at.isoformat() if run.finished_at else None,
        digest=sha256(msgspec.json.encode(core, order="deterministic")).hexdigest(),
        parameters=parameters,
        datasets=datasets,
        steps=steps,
    )


def _datasets(plan: Plan) -> dict[str, dict[str, str]]:
    return {
        node: {name: Output.from_json(record).digest for name, record in planned.datasets.items()}
        for node, planned in plan.steps.items()
        if planned.datasets
    }


def _step(module: str, row: Step | None, made: Mapping[str, Result]) -> StepReceipt:
    result = made.get(row.key) if row and row.key else None
    outputs = {port: Output.from_json(record) for port, record in (row.outputs if row else {}).items()}
    return StepReceipt(
        module=module,
        state=row.shown_state if row else State.WAITING,
        made_by=result.run if result else None,
        key=row.key if row else "",
        ingredients=_public(result.ingredients) if result else None,
        outputs={port: OutputReceipt(each.kind, each.key or each.digest, each.report, not each.deferred) for port, each in outputs.items()},
    )


def _public(ingredients: Mapping[str, Any]) -> dict[str, Any]:
    """Ingredients without the places of connections, which only editors see: their hash stands for them."""
    found = dict(ingredients)
    if "source" in found:
        found["source"] = {name: sha256(msgspec.json.encode(value)).hexdigest() for name, value in found["source"].items()}
    return found


def verdict(run: Run, against: Run) -> Verdict:
    """Compare a run with the one that it verifies."""
    now, before = receipt(run), receipt(against)
    if run.finished_at is None:
        return Verdict("going", against.id, "The run is not over yet.")
    compared = 0
    for node in run.read_plan().steps:
        one, other = before.steps.get(node), now.steps[node]
        if one is None or one.state != State.DONE:
            continue  # nothing to compare with
        if words := _difference(one, other):
            return Verdict("differs", against.id, words, node, compared)
        compared += 1
    words = f"All {compared} steps gave the same results, to the last bit." if compared else "No step of the earlier run had a result."
    return Verdict("equal" if compared else "differs", against.id, words, compared=compared)


def _difference(before: StepReceipt, now: StepReceipt) -> str | None:
    """Return how a step differs, in words."""
    if now.state != State.DONE:
        return f"The step did not finish: it is {now.state}."
    if before.key != now.key:
        return (
            in_words(differences(now.ingredients, before.ingredients))
            if before.ingredients and now.ingredients
            else "Its code, data or libraries changed."
        )
    ports = [port for port, output in now.outputs.items() if not _is_same(before.outputs.get(port), output)]
    if not ports:
        return None
    named = ", ".join(port.replace("_", " ") for port in ports)
    return f"The result at {named} differs, though code, settings, libraries and data are the same. The module does not repeat exactly, or a stored file was changed."


def _is_same(before: OutputReceipt | None, now: OutputReceipt) -> bool:
    return before is not None and (before.digest, before.report) == (now.digest, now.report)
