"""Which runs of a pipeline are of its draft: not those of a sweep, nor those that other nouns start, such as schedules and published pipelines."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Exists, QuerySet

from pipelines.models import Run

# Nouns above documents add here which runs they have started, by `OuterRef("pk")` of the run.
STARTED: list[Callable[[], Exists]] = []


def of_draft(runs: QuerySet[Run]) -> QuerySet[Run]:
    """The runs that people started as the pipeline was drawn then."""
    return runs.filter(*(~started() for started in STARTED), sweep=None)
