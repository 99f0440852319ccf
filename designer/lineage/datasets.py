"""Versions of datasets in a lineage."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import User

from designer.datasets.models import Dataset, DatasetVersion
from designer.datasets.resolver import version_of_digest
from designer.http.errors import absent
from designer.lineage.kinds import Link, Opened, Spot, Walk
from designer.lineage.runs import version_of
from designer.lineage.schemas import LineageNode
from designer.workspaces.people import name_of
from designer.workspaces.permissions import get_for, workspace_for
from pipelines.catalogue.kind import kinds
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import TABLE

KIND = "dataset"
MOST_NUMBER = 2**31 - 1
MOST_SAVED = 25  # saved values with the same bytes


class DatasetVersions:
    """Versions of datasets: `DATASET.NUMBER`."""

    def open(self, person: User, action: str, id: str, workspace: str | None) -> Opened:
        """A version; the newest one where none is named."""
        name, _, number = id.partition(".")
        dataset = get_for(person, action, Dataset.objects.all(), name)
        scope = dataset.workspace_id or workspace_for(person, action, workspace).pk
        if number and not (number.isascii() and number.isdecimal() and int(number) <= MOST_NUMBER):
            raise absent()
        versions = dataset.versions.filter(number=int(number)) if number else dataset.versions.order_by("-number")
        version = versions.first()
        if version is None:
            raise absent()
        return Opened(scope, (Spot(KIND, f"{dataset.pk}.{version.number}"),), tuple(each["name"] for each in version.columns))

    def node(self, walk: Walk, id: str) -> LineageNode | None:
        """A version with who brought it."""
        version = version_of(walk, id)
        if version is None:
            return None
        dataset = version.dataset
        what = "Dataset" if dataset.kind == TABLE else f"Saved {kinds()[dataset.kind].title}" if dataset.kind in kinds() else "Saved value"
        size = f", {counted(version.rows, 'row')}" if dataset.kind == TABLE else ""
        source = "sample" if dataset.workspace_id is None else version.file_name
        return LineageNode(
            id=f"{KIND}:{id}",
            kind=KIND,
            title=dataset.title,
            detail=f"{what}, version {version.number}{size}" + (f", {source}" if source else ""),
            href=f"/datasets/{dataset.pk}?version={version.number}",
            people=[name_of(version.created_by)] if version.created_by else [],
            at=version.created_at,
        )

    def before(self, walk: Walk, spot: Spot) -> Iterator[Link]:
        """The versions that a step read: those with its bytes, of the name in its setting first."""
        name, _, node = spot.id.partition("/")
        lineage = walk.run(name) if spot.kind == "run" else None
        for param, output in lineage.datasets(node).items() if lineage else ():
            if lineage is None or lineage.is_registered(node, param):
                continue
            wanted = lineage.wanted(node, param)
            if version := walk.once(version_of_digest, output.digest, walk.scope, wanted):
                if isinstance(wanted, str) and version.dataset.name != wanted:
                    walk.say(
                        f"“{wanted}”, which {node} read, was renamed or deleted; the dataset “{version.dataset.title}” has the same content."
                    )
                yield Link(Spot(KIND, f"{version.dataset_id}.{version.number}", "", spot.column), spot, param)
            else:
                walk.say(f"The dataset “{wanted}” that {node} read was deleted.")

    def after(self, walk: Walk, spot: Spot) -> Iterator[Link]:
        """The saved values that have the bytes of a step's output."""
        name, _, node = spot.id.partition("/")
        lineage = walk.run(name) if spot.kind == "run" else None
        output = lineage.outputs.get(node, {}).get(spot.port) if lineage else None
        if output is None:
            return
        for version in walk.once(_saved, output.digest, walk.scope):
            yield Link(spot, Spot(KIND, f"{version.dataset_id}.{version.number}", "", spot.column), "")


def _saved(digest: str, scope: str) -> list[DatasetVersion]:
    found = DatasetVersion.objects.filter(dataset__workspace=scope, digest=digest, record__isnull=False)
    return list(found.order_by("-created_at")[:MOST_SAVED])
