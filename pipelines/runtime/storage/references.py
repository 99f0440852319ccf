"""The files of a store that are referenced: by cached results and values of items, by steps and items of kept runs, and by their plans."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from pipelines.execution.schedule import State
from pipelines.models import Item, ItemValue, Result, Run, Step

# An output's record holds the digests of its file, its report and its sources. A mere lookalike does no harm.
DIGEST = re.compile(r"[0-9a-f]{64}")


def referenced_digests(
    scope: str,
    *,
    since: datetime | None = None,
    but_runs: Collection[str] = (),
    but_results: Collection[int] = (),
    but_values: Collection[int] = (),
) -> set[str]:
    """Return the digests that a scope references, except its datasets.

    Results are read before steps: a step that reuses a result locks it until the commit (see sql.cached_result). A reader that finds the
    result gone or changed therefore finds the step.

    Args:
        scope: The scope of the store.
        since: Only rows written from this time on; None for all.
        but_runs: Ids of runs to ignore.
        but_results: Primary keys of results to ignore.
        but_values: Primary keys of values of items to ignore.
    """
    runs = Run.objects.filter(scope=scope)
    steps = Step.objects.filter(run__scope=scope, state=State.DONE)
    results, values = Result.objects.filter(scope=scope), ItemValue.objects.filter(scope=scope)
    items = Item.objects.filter(run__scope=scope, blob__isnull=False)
    if since:
        results, steps, runs, values, items = (
            results.filter(created_at__gte=since),
            steps.filter(finished_at__gte=since),
            runs.filter(created_at__gte=since),
            values.filter(created_at__gte=since),
            items.filter(run__finished_at=None),
        )
    found = _digests(results, "pk", "outputs", set(but_results)) | _digests(
        values.filter(blob__isnull=False), "pk", "blob", set(but_values)
    )
    found |= _digests(items, "run_id", "blob", set(but_runs))
    return found | _digests(steps, "run_id", "outputs", set(but_runs)) | _digests(runs, "pk", "plan", set(but_runs))


def _digests(rows: QuerySet[Any], key: str, field: str, but: set[str] | set[int]) -> set[str]:
    found: set[str] = set()
    for owner, text in rows.annotate(text=Cast(field, TextField())).values_list(key, "text").iterator():
        if owner not in but:
            found.update(DIGEST.findall(text))
    return found
