"""Notices are listed for members, and each person reads them for themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from designer.endpoints.models import Endpoint
from designer.notices import services as notices
from designer.notices.models import Notice, NoticeRead
from tests.designer.conftest import Team

LIST = "/api/notices/"


@pytest.fixture
def endpoint(team: Team) -> Endpoint:
    return Endpoint.objects.create(workspace=team.workspace, name="prices", created_by="e")


def unread(team: Team, who: str) -> int:
    count: int = team.client(who).get(LIST + "unread/").json()["count"]
    return count


def test_each_member_reads_notices_for_themselves(team: Team, endpoint: Endpoint) -> None:
    for words in ("One.", "Two."):
        notices.add(endpoint, "alarm", words, timezone.now())
    newest, oldest = team.client("viewer").get(LIST).json()
    assert (newest["words"], newest["read"], newest["sendings"]) == ("Two.", False, [])
    assert newest["about"] == {"noun": "endpoint", "id": endpoint.pk, "name": "prices"}
    assert team.client("viewer").post(LIST + "read/", {"ids": [oldest["id"]]}, format="json").json() == {"count": 1}
    assert [each["read"] for each in team.client("viewer").get(LIST).json()] == [False, True]
    assert unread(team, "editor") == 2
    for _ in range(2):
        assert team.client("viewer").post(LIST + "read/", {}, format="json").json() == {"count": 0}
    assert NoticeRead.objects.count() == 2 and unread(team, "editor") == 2
    assert team.client("viewer").post(LIST + "read/", {"ids": ["x"]}, format="json").status_code == 400
    assert team.client("viewer").post(LIST + "read/", {"ids": [2**63]}, format="json").status_code == 400


def test_foreign_notices_are_neither_seen_nor_read(team: Team, endpoint: Endpoint) -> None:
    notices.add(endpoint, "alarm", "One.", timezone.now())
    id = Notice.objects.get().pk
    assert team.client("foreign").get(LIST).json() == [] and unread(team, "foreign") == 0
    assert team.client("foreign").post(LIST + "read/", {"ids": [id]}, format="json").json() == {"count": 0}
    assert not NoticeRead.objects.exists()


def test_what_happened_before_somebody_joined_is_not_unread(team: Team, endpoint: Endpoint) -> None:
    notices.add(endpoint, "alarm", "Old.", timezone.now() - timedelta(days=1))
    assert unread(team, "viewer") == 0
    assert team.client("viewer").get(LIST).json()[0]["read"]


def test_the_notices_of_one_endpoint_and_of_a_deleted_one(team: Team, endpoint: Endpoint) -> None:
    other = Endpoint.objects.create(workspace=team.workspace, name="other", created_by="e")
    for each in (endpoint, other):
        notices.add(each, "alarm", each.name, timezone.now())
    assert [each["words"] for each in team.client("viewer").get(f"{LIST}?endpoint={other.pk}").json()] == ["other"]
    other.delete()
    assert [each["words"] for each in team.client("viewer").get(LIST).json()] == ["prices"]
