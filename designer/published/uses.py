"""Which published pipelines were published from a pipeline."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F

from designer.documents.models import Pipeline
from designer.documents.uses import Use
from designer.published.models import PublishedVersion
from pipelines import flow


def of_pipeline(pipeline: Pipeline) -> Iterable[Use]:
    """The published pipelines whose default version was published from a pipeline."""
    found = PublishedVersion.objects.filter(
        pipeline=pipeline.pk, published__workspace=pipeline.workspace_id, number=F("published__default")
    )
    for version in found.select_related("published").order_by("published__name"):
        yield Use("published", version.published_id, version.published.name, version.number, flow.read(version.graph))
