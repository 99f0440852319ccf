"""Two who register or move an alias at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from designer.http.errors import Refusal
from designer.registry import decisions, gates, services
from designer.registry.models import Alias, Change, FormerName, ModelVersion, RegisteredModel
from designer.registry.schemas import ModelFacts
from designer.workspaces.models import Workspace
from pipelines import flow
from pipelines.flow import Output
from tests.designer.conftest import Team, make_team

AT_ONCE = 4


def together(*calls: Callable[[], Any]) -> list[Any]:
    """What the calls give, made at once; a refusal is given as its code."""
    start = Barrier(len(calls))

    def one(call: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return call()
        except Refusal as refused:
            return refused.body["error"]["code"]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def add(team: Team, content: bytes) -> tuple[int, bool]:
    """Register a file as a version of the model `line`."""
    workspace = Workspace.objects.get(pk=team.workspace.pk)
    digest, _ = flow.store(workspace.pk).keep_bytes(content)
    found = services.Content(Output("model", digest, len(content)), ModelFacts("Line", "regression"), None)
    version, new = services.add_version(workspace, team.people["editor"], "line", found, "")
    return version.number, new


@pytest.mark.django_db(transaction=True)
def test_versions_that_are_registered_at_once_have_numbers_of_their_own_and_equal_ones_are_one() -> None:
    team = make_team()
    different = together(*(lambda at=at: add(team, f"model {at}".encode()) for at in range(AT_ONCE)))  # type: ignore[misc]
    assert sorted(different) == [(number, True) for number in range(1, AT_ONCE + 1)]
    equal = together(*(lambda: add(team, b"the same") for _ in range(AT_ONCE)))
    assert sorted(equal) == [(AT_ONCE + 1, False)] * (AT_ONCE - 1) + [(AT_ONCE + 1, True)]
    assert RegisteredModel.objects.count() == 1 and ModelVersion.objects.count() == AT_ONCE + 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_an_alias_at_once_one_is_refused() -> None:
    team = make_team()
    for at in range(2):
        add(team, f"model {at}".encode())
    model, editor = RegisteredModel.objects.get(), team.people["editor"]
    moves = together(*(lambda to=to: decisions.move_alias(model, "champion", to, None, editor, "") for to in (1, 2)))  # type: ignore[misc]
    assert sorted(moves, key=str) == [None, "alias_moved"] and (Alias.objects.count(), Change.objects.count()) == (1, 1)


def test_what_somebody_else_changed_meanwhile_stays(team: Team, two: str) -> None:
    mine, theirs = (RegisteredModel.objects.get(pk=two) for _ in range(2))
    services.edit(theirs, {"name": "slope"})
    services.edit(mine, {"description": "A line."})
    assert [*RegisteredModel.objects.values_list("name", "description")] == [("slope", "A line.")]
    services.edit(mine, {"name": "gradient"})
    assert {*FormerName.objects.values_list("name", flat=True)} == {"line", "slope"}


def test_what_was_deleted_meanwhile_is_not_found(team: Team, two: str) -> None:
    model, version, editor = RegisteredModel.objects.get(pk=two), ModelVersion.objects.get(number=2), team.people["editor"]
    services.delete_version(version)
    with pytest.raises(Refusal) as refused:
        decisions.set_stage(version, "retired", editor, "")
    assert refused.value.status == 404
    services.delete_model(model)
    calls: list[Callable[[], Any]] = [
        lambda: decisions.move_alias(model, "champion", 1, None, editor, ""),
        lambda: services.edit(model, {"description": "x"}),
        lambda: services.delete_model(model),
    ]
    for call in calls:
        with pytest.raises(Refusal) as refused:
            call()
        assert refused.value.status == 404


def test_a_version_that_another_was_made_of_stays_until_that_is_deleted(team: Team, two: str) -> None:
    parent, child = (ModelVersion.objects.get(number=number) for number in (1, 2))
    made_of = {"node": "model", "name": "line", "version": 1, "digest": parent.digest, "kind": "model"}
    ModelVersion.objects.filter(pk=child.pk).update(origin={**child.origin, "datasets": [made_of]})
    for even_if_used in (False, True):
        with pytest.raises(Refusal, match="is a parent of version 2 of “line”"):
            services.delete_version(parent, even_if_used=even_if_used)
    services.delete_model(RegisteredModel.objects.get(pk=two))
    assert not ModelVersion.objects.exists()


def test_a_condition_that_was_set_meanwhile_counts(team: Team, two: str) -> None:
    model = RegisteredModel.objects.get(pk=two)
    gates.set_gates(RegisteredModel.objects.get(pk=two), [{"kind": "approved", "alias": "champion"}])
    with pytest.raises(Refusal, match="“The version is approved” is not met"):
        decisions.move_alias(model, "champion", 1, None, team.people["editor"], "")
