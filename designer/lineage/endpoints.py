"""Versions of endpoints in a lineage."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.db.models import Q

from designer.endpoints.models import Endpoint, EndpointVersion
from designer.endpoints.uses import made_of, ready_versions
from designer.http.errors import absent
from designer.lineage.datasets import MOST_NUMBER
from designer.lineage.kinds import Link, Opened, Spot, Walk
from designer.lineage.runs import MOST_READERS, version_of
from designer.lineage.schemas import LineageNode
from designer.workspaces.people import name_of
from designer.workspaces.permissions import get_for
from pipelines.flow import runs_reading

KIND = "endpoint"


class EndpointVersions:
    """Versions of endpoints: `ENDPOINT.NUMBER`."""

    def open(self, person: User, action: str, id: str, workspace: str | None) -> Opened:
        """A version; where none is named, the one with the most requests, else the newest one."""
        name, _, number = id.partition(".")
        endpoint = get_for(person, action, Endpoint.objects.all(), name)
        if number and not (number.isascii() and number.isdecimal() and int(number) <= MOST_NUMBER):
            raise absent()
        asked = number or max(endpoint.shares, key=endpoint.shares.__getitem__, default="")
        version = (endpoint.versions.filter(number=int(asked)) if asked else endpoint.versions.order_by("-number")).first()
        if version is None:
            raise absent()
        return Opened(
            endpoint.workspace_id, (_spot(version),), tuple(dict.fromkeys((*_names(version, "outputs"), *_names(version, "inputs"))))
        )

    def node(self, walk: Walk, id: str) -> LineageNode | None:
        """A version with who published it, and its share of the requests."""
        version = walk.once(_version, id, walk.scope)
        if version is None:
            return None
        share = version.endpoint.shares.get(str(version.number), 0)
        return LineageNode(
            id=f"{KIND}:{id}",
            kind=KIND,
            title=version.endpoint.name,
            detail=f"Endpoint, version {version.number}, takes {share} % of the requests"
            if share
            else f"Endpoint, version {version.number}",
            href=f"/endpoints/{version.endpoint_id}",
            people=[walk.once(_name_of, version.by)] if version.by else [],
            at=version.created_at,
        )

    def before(self, walk: Walk, spot: Spot) -> Iterator[Link]:
        """The step of the run whose scores a version gives; of an input, the steps that read the data which requests stand for."""
        if spot.kind != KIND or (version := walk.once(_version, spot.id, walk.scope)) is None:
            return
        node, _, port = version.node.rpartition(".")
        if not node:
            walk.say(f"Version {version.number} of “{version.endpoint.name}” has not been derived from its run yet.")
        elif (run := walk.run(version.run)) and spot.column not in (None, *_names(version, "outputs")):
            found = run.sources(node, spot.column or "")
            for source in found:
                yield Link(Spot("run", f"{version.run}/{source.node}", source.port, source.column), spot, "", "name")
            if not found:
                walk.say(f"No dataset of the run has the column “{spot.column}”: a step before the scores makes it.")
        elif run:
            yield Link(Spot("run", f"{version.run}/{node}", port, spot.column), spot, "")
        else:
            walk.say(f"The run that version {version.number} of “{version.endpoint.name}” was published from is not kept any more.")

    def after(self, walk: Walk, spot: Spot) -> Iterator[Link]:
        """The versions that were published from a step; of a dataset, also those of runs that are not the newest of their pipeline."""
        if spot.kind == "run":
            for version in walk.once(_ready, walk.scope):
                if (version.run, version.node) == (spot.id.partition("/")[0], f"{spot.id.partition('/')[2]}.{spot.port}"):
                    yield Link(spot, _spot(version, spot.column), "")
        elif spot.kind == "dataset" and (dataset := version_of(walk, spot.id)):
            shown = {run.pk for run in walk.once(runs_reading, dataset.digest, walk.scope, MOST_READERS)[0]}
            for version in walk.once(_ready, walk.scope):
                if version.run not in shown and dataset.digest in walk.once(made_of, version):
                    yield Link(spot, _spot(version), "", "all")


def _spot(version: EndpointVersion, column: str | None = None) -> Spot:
    return Spot(KIND, f"{version.endpoint_id}.{version.number}", "", column)


def _names(version: EndpointVersion, ends: str) -> tuple[str, ...]:
    """The columns of requests (`inputs`) or answers (`outputs`)."""
    return tuple(column["name"] for column in (version.signature or {}).get(ends, ()))


def _name_of(by: str) -> str:
    """The name of a person as other things in a lineage have it: endpoints keep what identifies one in the audit trail."""
    person = User.objects.filter(Q(email=by) | Q(username=by)).first()
    return name_of(person) if person else by


def _ready(scope: str) -> list[EndpointVersion]:
    return list(ready_versions(scope))


def _version(id: str, scope: str) -> EndpointVersion | None:
    endpoint, _, number = id.partition(".")
    found = EndpointVersion.objects.filter(endpoint=endpoint, endpoint__workspace=scope, number=int(number))
    return found.select_related("endpoint").first()
