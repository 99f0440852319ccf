"""Endpoint services: create, publish a version, change, delete; keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from designer.endpoints.limits import EndpointLimits
from designer.endpoints.models import Endpoint, EndpointKey, EndpointVersion, VersionState
from designer.endpoints.moves import announce, shares_of
from designer.endpoints.tasks import enqueue
from designer.http.errors import Refusal, absent
from designer.http.misread import misread
from designer.workspaces.models import Workspace
from pipelines import flow
from pipelines.models import Run

MOST_ENDPOINTS, MOST_VERSIONS = 200, 500


def run_of(workspace: Workspace, id: str) -> Run:
    """The finished run whose model is published.

    Raises:
        Refusal: 422 when the workspace has no such run, 409 when it is not done.
    """
    run = Run.objects.filter(scope=workspace.pk, pk=id).first()
    if run is None:
        words = "There is no such run in this workspace."
        raise Refusal(422, "unknown_run", words, remedy="Give the id of a finished run of this workspace.", field="run")
    if run.state != flow.State.DONE:
        words = f"The run is {run.state}; only a run whose steps are all done can be published."
        raise Refusal(409, "run_not_done", words, remedy="Wait for its end, or run the pipeline again.", field="run")
    return run


def make(workspace: Workspace, asked: Mapping[str, Any], by: str) -> Endpoint:
    """Create an endpoint with its first version, which takes all requests once it is proven.

    Raises:
        Refusal: When the name is taken, the run cannot be published, or there are too many endpoints.
    """
    if Endpoint.objects.filter(workspace=workspace).count() >= MOST_ENDPOINTS:
        words = f"This workspace already has {MOST_ENDPOINTS} endpoints, the maximum."
        raise Refusal(409, "too_many_endpoints", words, remedy="Delete one that is not used.")
    run = run_of(workspace, asked["run"])
    try:
        with transaction.atomic():
            endpoint = Endpoint.objects.create(
                workspace=workspace,
                name=asked["name"],
                description=asked.get("description", ""),
                sticky_column=asked.get("sticky_column", ""),
                limits=_limits({}, asked),
                created_by=by,
            )
            version = _add_version(endpoint, run, asked, by, share=100)
    except IntegrityError:
        words = f"An endpoint named “{asked['name']}” already exists."
        remedy = "Enter another name, or publish a new version of the existing endpoint."
        raise Refusal(409, "name_taken", words, remedy=remedy, field="name") from None
    enqueue(version.pk)
    return endpoint


def publish(endpoint: Endpoint, asked: Mapping[str, Any], by: str) -> EndpointVersion:
    """Add a version. Once it is proven, it takes `share` percent of the requests.

    Raises:
        Refusal: When the run cannot be published, or there are too many versions.
    """
    run = run_of(endpoint.workspace, asked["run"])
    with transaction.atomic():
        held = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
        if held.versions.count() >= MOST_VERSIONS:
            words = f"This endpoint already has {MOST_VERSIONS} versions, the maximum."
            raise Refusal(409, "too_many_versions", words, remedy="Create another endpoint.")
        version = _add_version(held, run, asked, by, share=asked.get("share", 0))
    enqueue(version.pk)
    return version


def _add_version(endpoint: Endpoint, run: Run, asked: Mapping[str, Any], by: str, share: int) -> EndpointVersion:
    announce()  # serving processes prepare themselves while it is built
    endpoint.last_number += 1  # never given again, also after a deletion
    endpoint.save(update_fields=["last_number"])
    return EndpointVersion.objects.create(
        endpoint=endpoint,
        number=endpoint.last_number,
        run=run.pk,
        document=run.document,
        node=asked.get("node", ""),
        share=share,
        by=by,
        why=asked.get("why", ""),
    )


def change(endpoint: Endpoint, asked: Mapping[str, Any]) -> None:
    """Change the description, the limits or the column that chooses the version.

    Raises:
        Refusal: 422 for a limit out of range.
    """
    with transaction.atomic():
        endpoint.description = asked.get("description", endpoint.description)
        endpoint.sticky_column = asked.get("sticky_column", endpoint.sticky_column)
        endpoint.limits = _limits(endpoint.limits, asked)
        endpoint.save(update_fields=["description", "sticky_column", "limits"])
        announce()


def _limits(stored: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {**stored, **asked.get("limits", {})}
    try:
        EndpointLimits.of(wanted)
    except msgspec.ValidationError as wrong:
        raise Refusal(
            422, "wrong_limit", f"A limit cannot be: {misread(wrong)}.", remedy="Give a number in its range.", field="limits"
        ) from None
    if unknown := wanted.keys() - {*EndpointLimits.__struct_fields__}:
        known = ", ".join(EndpointLimits.__struct_fields__)
        raise Refusal(422, "unknown_limit", f"There is no limit {min(unknown)}.", remedy=f"The limits are {known}.", field="limits")
    return wanted


def delete(endpoint: Endpoint) -> None:
    """Delete an endpoint with its versions, keys and history; it answers 401 within a second."""
    with transaction.atomic():
        endpoint.delete()
        announce()


def set_running(endpoint: Endpoint, number: int, *, running: bool) -> EndpointVersion:
    """Stop a version that takes no requests, which frees its memory, or start a stopped one.

    Raises:
        Refusal: 404 for an unknown version, 409 when it takes requests, or is neither ready nor stopped.
    """
    with transaction.atomic():
        held = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
        version = held.versions.filter(number=number).first()
        if version is None:
            raise absent()
        if not running and shares_of(held).get(number):
            words = f"Version {number} takes {shares_of(held)[number]}\u00a0% of the requests."
            raise Refusal(409, "version_serves", words, remedy="Move its share to another version first.")
        if version.state not in (VersionState.READY, VersionState.STOPPED):
            raise Refusal(409, "version_not_ready", f"Version {number} is {version.state}.", remedy="Publish another version.")
        version.state = VersionState.READY if running else VersionState.STOPPED
        version.save(update_fields=["state"])
        announce()
    return version


def make_key(endpoint: Endpoint, asked: Mapping[str, Any], by: str) -> tuple[EndpointKey, str]:
    """Create a key; returns its row and the key itself, which is shown once.

    Raises:
        Refusal: 409 when the endpoint has too many.
    """
    with transaction.atomic():
        row, secret = EndpointKey.issue(
            endpoint.keys.all(), asked["name"], asked.get("days"), by, endpoint=endpoint, rate=asked.get("rate")
        )
        announce()
    return row, secret


def revoke(key: EndpointKey) -> None:
    """Revoke a key: within a second no process takes it any more."""
    with transaction.atomic():
        key.delete()
        announce()
