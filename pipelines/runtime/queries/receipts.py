"""Receipts: what a run was made of and what came out, by hashes; and the first difference between two of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Annotated, Any, Literal

import msgspec

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.phrases import counted, listed
from pipelines.catalogue.reporting import Listener
from pipelines.compilation import Plan
from pipelines.execution.fingerprint import SEEN, Difference, differences, in_words
from pipelines.execution.output import Output
from pipelines.execution.schedule import State
from pipelines.models import Event, Result, Run, Step
from pipelines.runtime.storage.artifacts import store

FORMAT = 2
DAMAGED = "The stored result of the earlier run is missing or was changed. It is computed and stored again."


class OutputReceipt(msgspec.Struct, frozen=True):
    """The hashes of an output."""

    kind: str
    digest: Annotated[str, msgspec.Meta(description="The hash of its bytes; of one that is not stored, of what it is computed from.")]
    report: str | None
    stored: bool
    source: Annotated[
        str | None, msgspec.Meta(description="The hash of what a large table is computed from, which is known before it is.")
    ] = None

    def core(self) -> list[Any]:
        """Return what is the same in every run that gives it, whether it is stored there or not."""
        return [self.kind, self.source or self.digest, self.report]


class StepReceipt(msgspec.Struct, frozen=True):
    """A step: what its result depends on, and the result."""

    module: str
    state: str
    made_by: Annotated[str | None, msgspec.Meta(description="The run that computed the result; null when it is not kept any more.")]
    key: Annotated[str, msgspec.Meta(description="The hash of the ingredients.")]
    ingredients: Annotated[dict[str, Any] | None, msgspec.Meta(description="Module code, libraries, settings, data and inputs by hash.")]
    outputs: dict[str, OutputReceipt]

    def core(self) -> dict[str, Any]:
        """Return what is the same in every run that gives it, whichever run computed it, and after its ingredients were cleaned up."""
        return {"module": self.module, "key": self.key, "outputs": {port: each.core() for port, each in self.outputs.items()}}


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
    digest: Annotated[
        str,
        msgspec.Meta(
            description="SHA-256, as JSON with sorted keys, of the values of the parameters, the datasets, and of each step module, key and outputs, an output as kind, source or digest, and report."
        ),
    ]


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
    values = {name: each["value"] for name, each in parameters.items()}
    core = {"parameters": values, "datasets": datasets, "steps": {node: step.core() for node, step in steps.items()}}
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
        outputs={
            port: OutputReceipt(each.kind, each.key if each.deferred else each.digest, each.report, not each.deferred, each.key or None)
            for port, each in outputs.items()
        },
    )


def _public(ingredients: Mapping[str, Any]) -> dict[str, Any]:
    """Ingredients without the places of connections, which only editors see: their hash stands for them."""
    found = dict(ingredients)
    if "source" in found:
        found["source"] = {name: sha256(msgspec.json.encode(value)).hexdigest() for name, value in found["source"].items()}
    return found


def verdict(run: Run, against: Run) -> Verdict:
    """Compare a run with the one that it verifies. Stored results that were damaged are told, although they are computed again."""
    if run.finished_at is None:
        return Verdict("going", against.id, "The run is not over yet.")
    found = _compared(run, against)
    if damaged := _damaged(run):
        words = f"{counted(len(damaged), 'stored result was', 'stored results were')} missing or changed, and stored again"
        found = msgspec.structs.replace(found, words=f"{found.words} {words}: {listed([_called(run, node) for node in damaged])}.")
    return found


def tell_damage(verified: str, node: str, listener: Listener) -> None:
    """Log a warning when a stored file of a step's earlier result is not what it was, before it is stored again. Reads the files, which may take a while."""
    made = Step.objects.filter(run=verified, node=node, state=State.DONE).values_list("outputs", "run__scope").first()
    if made is None:
        return
    outputs, files = [Output.from_json(record) for record in made[0].values()], store(made[1])
    digests = [digest for each in outputs if not each.deferred for digest in (each.digest, each.report) if digest]
    if not all(files.has(digest) for digest in digests):
        listener.log(DAMAGED, "warning")


def _damaged(run: Run) -> list[str]:
    """Return the nodes of a verifying run whose earlier result was damaged, in the order in which that was seen."""
    said = Event.objects.filter(run=run, body__type="log", body__line=DAMAGED).order_by("seq").values_list("body__node", flat=True)
    return list(dict.fromkeys(said))


def _compared(run: Run, against: Run) -> Verdict:
    now, before = receipt(run), receipt(against)
    same = unseen = 0
    for node in run.read_plan().steps:
        one, other = before.steps.get(node), now.steps[node]
        if one is None or one.state != State.DONE:
            continue  # nothing to compare with
        if words := _difference(one, other) if other.state == State.DONE else _unfinished(run, node, other.state):
            return Verdict("differs", against.id, words, node, same)
        same += 1
        unseen += any(not output.stored for step in (one, other) for output in step.outputs.values())
    if not same:
        return Verdict("differs", against.id, "No step of the earlier run had a result.")
    words = f"All {same} steps gave the same results, to the last bit." if same > 1 else "The step gave the same result, to the last bit."
    if unseen:
        words += f" {counted(unseen, 'step passes', 'steps pass')} rows on without storing them: of these, code, settings, libraries and data are the same."
    if left := [_called(run, node) for node, step in before.steps.items() if node not in now.steps and step.state == State.DONE]:
        words += f" Not executed again, since that would write outside Easel: {', '.join(left)}."
    return Verdict("equal", against.id, words, compared=same)


def _unfinished(run: Run, node: str, state: str) -> str:
    error = Step.objects.filter(run=run, node=node).values_list("error", flat=True).first()
    return f"The step failed, which it had not: {error['words']}" if error else f"The step did not finish: it is {state}."


def _called(run: Run, node: str) -> str:
    drawn = run.graph["nodes"].get(node, {})
    module = catalogue().modules.get(drawn.get("module"))
    return str(drawn.get("title") or (module.title if module else node))


def _difference(before: StepReceipt, now: StepReceipt) -> str | None:
    """Return how a step differs, in words."""
    made_of: Sequence[Difference] = ()
    if before.key != now.key:
        if not (before.ingredients and now.ingredients):
            return "Its code, data or libraries changed."
        made_of = differences(now.ingredients, before.ingredients)
        if not all(each.kind == "source" and each.name in SEEN for each in made_of):
            return in_words(made_of)  # a source that is read in every run has the run among its ingredients: there, the results decide
    ports = [port for port in {**before.outputs, **now.outputs} if not _is_same(before.outputs.get(port), now.outputs.get(port))]
    if not ports:
        return None
    if made_of:
        return in_words(made_of)
    named = ", ".join(port.replace("_", " ") for port in ports)
    return f"The result at {named} differs, though code, settings, libraries and data are the same. The module does not repeat exactly, or a stored file was changed."


def _is_same(before: OutputReceipt | None, now: OutputReceipt | None) -> bool:
    if before is None or now is None or (before.kind, before.report) != (now.kind, now.report):
        return False
    return before.digest == now.digest or not (before.stored and now.stored)  # what one that is not stored is computed from was compared
