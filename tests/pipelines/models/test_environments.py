"""Leases: one worker at a time holds a row."""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from pipelines.models import Build

pytestmark = pytest.mark.django_db

LEASE = timedelta(seconds=30)


@pytest.fixture
def lease() -> Build:
    return Build.objects.create(digest="a", requirements=[], state="waiting")


def claim() -> Build | None:
    now = timezone.now()
    return Build.claim(Build.objects.filter(Q(state="waiting") | Q(lease_until__lt=now)), LEASE, state="building")


def test_a_row_is_claimed_once_until_its_lease_runs_out(lease: Build) -> None:
    first = claim()
    assert first is not None and (first.attempt, first.state) == (1, "building")
    assert claim() is None
    Build.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    second = claim()
    assert second is not None and second.attempt == 2


def test_what_a_former_holder_writes_has_no_effect(lease: Build) -> None:
    first = claim()
    Build.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    second = claim()
    assert first and second
    assert not first.renew(LEASE, log="late") and not first.release(state="failed")
    assert second.renew(LEASE, log="mine") and second.release(state="built")
    found = Build.objects.get()
    assert (found.state, found.log, found.lease_until) == ("built", "mine", None)
    assert not second.renew(LEASE, log="after the end")


def test_the_next_due_row_is_tried_when_another_worker_is_faster(lease: Build) -> None:
    Build.objects.create(digest="b", requirements=[], state="waiting")
    assert [row.digest for row in (claim(), claim()) if row] == ["a", "b"]
    assert claim() is None
