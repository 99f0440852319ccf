"""Steps of runs in a lineage."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.contrib.auth.models import User

from designer.datasets.models import DatasetVersion
from designer.datasets.resolver import version_of_digest
from designer.documents.models import Pipeline
from designer.http.errors import absent
from designer.lineage.kinds import Link, Opened, Spot, Walk
from designer.lineage.schemas import LineageNode
from designer.workspaces.permissions import get_for
from pipelines.flow import Hop, Place, RunLineage, origin_of, runs_reading
from pipelines.models import Run

KIND = "run"
MOST_READERS = 25  # pipelines that read a dataset


class RunSteps:
    """Steps of runs: `RUN/NODE`."""

    def open(self, person: User, action: str, id: str, workspace: str | None) -> Opened:
        """A run, a step, or an output of a step."""
        name, _, end = id.partition("/")
        run = get_for(person, action, Run.objects.all(), name, lambda run: run.scope)
        lineage = RunLineage(run)
        if not end:
            return Opened(
                run.scope, tuple(Spot(KIND, f"{run.pk}/{node}", port) for node in lineage.plan.steps for port in lineage.ports(node))
            )
        node, _, port = end.partition(".")
        if node not in lineage.plan.steps or (port and port not in lineage.ports(node)):
            raise absent()
        ports = [port] if port else lineage.ports(node)
        return Opened(run.scope, tuple(Spot(KIND, f"{run.pk}/{node}", each) for each in ports), tuple(lineage.columns(node, ports[0])))

    def node(self, walk: Walk, id: str) -> LineageNode | None:
        """A step with its run."""
        name, _, node = id.partition("/")
        lineage = walk.run(name)
        if lineage is None or node not in lineage.plan.steps:
            return None
        run, module, row = lineage.run, lineage.module(node), lineage.rows.get(node)
        drawn = run.graph["nodes"].get(node, {})
        pipeline = walk.once(_name_of, run.document)
        what = module.title if module else lineage.plan.steps[node].module
        reused = ", reused from an earlier run" if row and row.reused else ""
        return LineageNode(
            id=f"{KIND}:{id}",
            kind=KIND,
            title=drawn.get("title") or what,
            detail=f"{what} in “{pipeline or run.graph['name']}”{reused}",
            href=f"/runs/{name}?node={node}",
            people=[run.by] if run.by else [],
            at=run.created_at,
            state=row.shown_state if row else "",
        )

    def before(self, walk: Walk, spot: Spot) -> Iterator[Link]:
        """Steps before a step; of a saved value, the step that computed it."""
        if spot.kind == KIND:
            name, _, node = spot.id.partition("/")
            if lineage := walk.run(name):
                yield from (_link(name, hop) for hop in lineage.before(Place(node, spot.port, spot.column)))
        elif spot.kind == "dataset" and (version := version_of(walk, spot.id)) and version.record:
            if origin := walk.once(origin_of, version.digest, walk.scope):
                run, node, port = origin
                yield Link(Spot(KIND, f"{run}/{node}", port, spot.column), spot, "")
            else:
                walk.say(f"The run that computed “{version.dataset.title}”, version {version.number}, is not kept any more.")

    def after(self, walk: Walk, spot: Spot) -> Iterator[Link]:
        """Steps after a step; of a dataset, the steps that read it in the newest run of each pipeline."""
        if spot.kind == KIND:
            name, _, node = spot.id.partition("/")
            if lineage := walk.run(name):
                yield from (_link(name, hop) for hop in lineage.after(Place(node, spot.port, spot.column)))
        elif spot.kind == "dataset" and (version := version_of(walk, spot.id)):
            yield from readers(walk, spot, version.digest, version.dataset.title, lambda name: _is_of(walk, version, name))


def readers(walk: Walk, spot: Spot, digest: str, title: str, is_meant: Callable[[object], bool]) -> Iterator[Link]:
    """The steps that read a dataset or a registered model, in the newest run of each pipeline.

    Args:
        walk: The walk.
        spot: The dataset or model.
        digest: Its content.
        title: Its name in a note.
        is_meant: Says whether the name in a setting means it, since others may have the same content.
    """
    runs, more = walk.once(runs_reading, digest, walk.scope, MOST_READERS)
    for run in runs:
        lineage = walk.run(run.pk)
        if lineage is None:
            continue
        for place, param in lineage.readers(digest, registered=spot.kind != "dataset"):
            if is_meant(lineage.wanted(place.node, param)):
                yield Link(spot, Spot(KIND, f"{run.pk}/{place.node}", place.port, spot.column), param)
    if more:
        walk.say(f"Of the runs that read “{title}”, the newest ones of {MOST_READERS} pipelines are shown at most.")


def _is_of(walk: Walk, version: DatasetVersion, name: object) -> bool:
    found = walk.once(version_of_digest, version.digest, walk.scope, name)
    return found is not None and (found.dataset_id == version.dataset_id or found.dataset.name != name)  # of that name none is left


def _link(run: str, hop: Hop) -> Link:
    source, target = (Spot(KIND, f"{run}/{place.node}", place.port, place.column) for place in (hop.source, hop.target))
    return Link(source, target, hop.into, hop.basis)


def _name_of(pipeline: str | None) -> str | None:
    return Pipeline.objects.filter(pk=pipeline).values_list("name", flat=True).first() if pipeline else None


def version_of(walk: Walk, id: str) -> DatasetVersion | None:
    """The version of a dataset of the walk's workspace, or of a sample."""
    return walk.once(_version, id, walk.scope)


def _version(id: str, scope: str) -> DatasetVersion | None:
    dataset, _, number = id.partition(".")
    found = DatasetVersion.objects.select_related("dataset", "created_by").filter(dataset=dataset, number=int(number))
    version = found.first()
    return version if version and version.dataset.workspace_id in (None, scope) else None
