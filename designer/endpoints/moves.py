"""Moves of shares between versions. Each is one transaction with its row of history, which serving processes see within half a second."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from designer.endpoints import shares as sharing
from designer.endpoints.models import Endpoint, EndpointCount, EndpointMove, EndpointVersion, ServingRevision, VersionState
from designer.http.errors import Refusal

MOST_HISTORY = 1000
KEPT_COUNTS = timedelta(days=7)
Shares = dict[int, int]


def announce() -> None:
    """Tell the serving processes that something changed: call it in the transaction of the change."""
    if not ServingRevision.objects.filter(pk=1).update(number=F("number") + 1):
        ServingRevision.objects.get_or_create(pk=1, defaults={"number": 1})


def shares_of(endpoint: Endpoint) -> Shares:
    """The present shares by the number of the version."""
    return {int(number): share for number, share in endpoint.shares.items()}


def move(
    endpoint: Endpoint, wanted: Callable[[Shares], Shares], *, by: str, kind: str, why: str = "", expected: int | None = None
) -> Endpoint:
    """Move the shares of an endpoint; the row is locked meanwhile.

    Args:
        endpoint: The endpoint.
        wanted: The new shares, given the present ones.
        by: Who moves them.
        kind: "publish", "shares" or "rollback", for the history.
        why: The reason given by who moves them.
        expected: The revision that who moves them has seen; None to move in any case.

    Raises:
        Refusal: 409 when the revision is another one, 422 when the shares cannot be.
    """
    with transaction.atomic():
        held = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
        if expected is not None and expected != held.revision:
            words = f"The shares were moved meanwhile: they are at revision {held.revision}, not {expected}."
            raise Refusal(409, "conflict", words, remedy="Reload the endpoint, and decide again.", revision=held.revision)
        before = shares_of(held)
        ready = [*EndpointVersion.objects.filter(endpoint=held, state=VersionState.READY).values_list("number", flat=True)]
        try:
            after = sharing.checked(wanted(before), ready)
        except sharing.WrongShares as wrong:
            raise Refusal(422, "wrong_shares", str(wrong), remedy="Give whole percents of ready versions.", field="shares") from None
        held.shares, held.revision = after, held.revision + 1
        held.save(update_fields=["shares", "revision"])
        EndpointMove.objects.create(endpoint=held, revision=held.revision, by=by, kind=kind, before=before, after=after, why=why)
        announce()
    return held


def rollback_target(endpoint: Endpoint) -> int | None:
    """The version that had all requests before the present shares; None without one that could take them now."""
    history = endpoint.moves.order_by("-revision").values_list("before", flat=True)[:MOST_HISTORY]
    found = sharing.last_whole([{int(number): share for number, share in before.items()} for before in history], shares_of(endpoint))
    usable = {VersionState.READY, VersionState.STOPPED}
    return found if found is not None and endpoint.versions.filter(number=found, state__in=usable).exists() else None


def roll_back(endpoint: Endpoint, *, by: str, why: str = "") -> Endpoint:
    """Give all requests to the version that last had them; a stopped one is started again.

    Raises:
        Refusal: 409 when there is none.
    """
    target = rollback_target(endpoint)
    if target is None:
        words = "No other version ever had all requests, or it was deleted."
        raise Refusal(409, "nothing_to_roll_back_to", words, remedy="Move the shares to a ready version.")
    with transaction.atomic():
        endpoint.versions.filter(number=target, state=VersionState.STOPPED).update(state=VersionState.READY)
        return move(endpoint, lambda _: {target: sharing.WHOLE}, by=by, kind="rollback", why=why)


def forget_old_counts() -> int:
    """Delete the counts of minutes past their time; returns how many."""
    return EndpointCount.objects.filter(minute__lt=timezone.now() - KEPT_COUNTS).delete()[0]
