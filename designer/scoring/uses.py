"""Which endpoints serve the scoring graphs of runs of a pipeline."""

from __future__ import annotations

from collections.abc import Iterable

from designer.documents.models import Pipeline
from designer.documents.uses import Use
from designer.endpoints.uses import ready_versions
from pipelines import flow
from pipelines.models import Run


def of_pipeline(pipeline: Pipeline) -> Iterable[Use]:
    """The versions that answer requests now and were made from runs of a pipeline."""
    for version in ready_versions(pipeline.workspace_id):
        endpoint, node = version.endpoint, version.node.rpartition(".")[0]
        if version.document != pipeline.pk or not endpoint.shares.get(str(version.number)):
            continue
        run = Run.objects.filter(pk=version.run, scope=pipeline.workspace_id).first()
        if run is None:
            yield Use("endpoint", endpoint.pk, endpoint.name, version.number)
            continue
        values = {name: kept["value"] for name, kept in (run.parameters or {}).items()}
        yield Use("endpoint", endpoint.pk, endpoint.name, version.number, flow.read(run.graph), node=node, values=values)
