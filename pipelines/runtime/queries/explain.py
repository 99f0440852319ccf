"""Explain why a step was executed or reused: the earlier result it is compared with, and the exact differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import TABLE
from pipelines.compilation import Step as Planned
from pipelines.execution.codecs import load_table
from pipelines.execution.fingerprint import Difference, differences, in_words, ingredients
from pipelines.execution.output import Output
from pipelines.execution.schedule import State
from pipelines.execution.store import Damaged
from pipelines.models import Fan, Result, Run, Step
from pipelines.preview.diff import changes
from pipelines.runtime.storage.artifacts import store

# The number of earlier results of a node that are compared.
EARLIER = 50


class Explanation(msgspec.Struct, frozen=True):
    """Whether a step was reused, the run it is compared with, the reason in words, and every difference."""

    reused: bool
    run: str | None
    words: str
    differences: Sequence[Difference] = ()


def explain(run: Run, step: Step, *, columns: bool = True) -> Explanation:
    """Explain a step that was started; with `columns`, changed tables are compared, which reads both."""
    made = Result.objects.filter(scope=run.scope, key=step.key).values_list("run", flat=True).first() if step.key else None
    if step.reused:
        return Explanation(True, made, step.why)
    if not step.key:
        return Explanation(False, None, step.why or "It has not run yet.")
    plan = run.read_plan()
    planned = plan.steps[step.node]
    if planned.module not in catalogue().modules:
        return Explanation(False, None, "The module is no longer installed.")
    own = Result.objects.filter(scope=run.scope, key=step.key).values_list("ingredients", flat=True).first()
    now = own or ingredients(planned, catalogue().modules[planned.module], _inputs(run.pk, planned))
    nearest = _nearest(run, step, planned.module, now)
    if step.why:  # forced by the user, so nothing needs to differ
        return Explanation(False, nearest[0].run if nearest else None, step.why, nearest[1] if nearest else ())
    if made_before := _earlier_run(run, step):
        gaps = Fan.objects.filter(run=made_before, node=step.node, failed__gt=0, search=False).exists()
        words = "Some of its items had failed" if gaps else "Its earlier result was missing or damaged"
        return Explanation(False, made_before, f"{words}, so it was computed again.")
    if nearest is None:
        return Explanation(False, None, "There is no earlier result of this step.")
    result, found = nearest
    found = [*found, *(_columns(run, planned, result, found) if columns else ())]
    return Explanation(False, result.run, in_words(found), found)


def _earlier_run(run: Run, step: Step) -> str | None:
    """Return an earlier run of the pipeline that computed the same result."""
    same = Step.objects.filter(run__document=run.document, run__scope=run.scope, node=step.node, key=step.key, state=State.DONE)
    return same.filter(pk__lt=step.pk).exclude(run=run).order_by("-pk").values_list("run_id", flat=True).first()


def _nearest(run: Run, step: Step, module: str, now: Mapping[str, Any]) -> tuple[Result, list[Difference]] | None:
    """Return the earlier result of a node of the pipeline, made there or reused, with the fewest differences; the newest among equals."""
    mine = Step.objects.filter(run__document=run.document, run__scope=run.scope, node=step.node, pk__lt=step.pk).exclude(run=run)
    earlier = Result.objects.filter(scope=run.scope, module=module, key__in=mine.values("key")).exclude(run=run.pk)
    told = [(result, differences(now, result.ingredients)) for result in earlier.order_by("-created_at")[:EARLIER]]
    return min(told, key=lambda pair: len(pair[1]), default=None)


def _columns(run: Run, planned: Planned, earlier: Result, found: Sequence[Difference]) -> list[Difference]:
    """Return the differences inside changed tables, as far as both are still stored."""
    before = Run.objects.filter(pk=earlier.run).only("plan").first()
    old = before.read_plan().steps.get(earlier.node) if before else None
    if before is None or old is None:
        return []
    told: list[Difference] = []
    for difference in found:
        if difference.kind == "input":
            pairs = zip(_inputs(before.pk, old).get(difference.name, ()), _inputs(run.pk, planned).get(difference.name, ()), strict=False)
        elif difference.kind == "dataset" and difference.name in old.datasets and difference.name in planned.datasets:
            pairs = zip(*([Output.from_json(side.datasets[difference.name])] for side in (old, planned)), strict=True)
        else:
            continue
        told += [change for one, other in pairs if one.content != other.content for change in _changes(run.scope, one, other)]
    return told


def _changes(scope: str, before: Output, after: Output) -> list[Difference]:
    if before.kind != TABLE or after.kind != TABLE:
        return []
    try:
        tables = [load_table(output, store(scope)) for output in (before, after)]
    except Damaged:
        return []
    return [Difference("column", change.name or "rows", change.before, change.after) for change in changes(*tables)]


def _inputs(run: str, planned: Planned) -> dict[str, list[Output]]:
    """Return the inputs of a step."""
    left = dict(Step.objects.filter(run_id=run, node__in=planned.needs).values_list("node", "outputs"))
    return {
        port: [Output.from_json(left[end.node][end.port]) for end in ends if end.port in left.get(end.node, {})]
        for port, ends in planned.sources.items()
    }
