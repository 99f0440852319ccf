"""What the versions of endpoints are made of, by the digests of contents, and which registered models they serve."""

from __future__ import annotations

from collections.abc import Iterable

from designer.endpoints.models import EndpointVersion, VersionState
from designer.registry.models import ModelVersion
from designer.registry.uses import Use
from pipelines import flow
from pipelines.models import Run


def made_of(version: EndpointVersion) -> frozenset[str]:
    """The digests of the values and datasets that the served scores of a version's run were computed from; none when the run is gone."""
    run = Run.objects.filter(pk=version.run, scope=version.endpoint.workspace_id).first()
    node = version.node.rpartition(".")[0]
    lineage = flow.RunLineage(run) if run else None
    if lineage is None or node not in lineage.plan.steps:
        return frozenset()
    steps = lineage.plan.up_to(node).steps
    outputs = [output for name in steps for output in (*lineage.outputs.get(name, {}).values(), *lineage.datasets(name).values())]
    return frozenset(output.digest for output in outputs)


def ready_versions(workspace: str) -> Iterable[EndpointVersion]:
    """The proven versions of a workspace's endpoints, the newest first."""
    found = EndpointVersion.objects.filter(endpoint__workspace=workspace, state=VersionState.READY)
    return found.select_related("endpoint").order_by("endpoint_id", "-number")


def endpoints_of(model: ModelVersion) -> Iterable[Use]:
    """The endpoints that answer requests with a registered model now."""
    found: dict[str, Use] = {}
    for version in ready_versions(model.model.workspace_id):
        endpoint = version.endpoint
        if endpoint.shares.get(str(version.number)) and endpoint.pk not in found and model.digest in made_of(version):
            found[endpoint.pk] = Use("endpoint", endpoint.pk, endpoint.name, serves=True)
    return found.values()
