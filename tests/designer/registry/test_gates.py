"""Conditions of a model: set by admins, shown with their results, and checked before a decision."""

from __future__ import annotations

from typing import Any

import pytest

from designer.audit.models import AuditEntry
from designer.endpoints.models import Endpoint, EndpointVersion
from designer.registry.models import Change, ModelVersion, RegisteredModel
from designer.scoring.models import ParityProof, ProofState
from pipelines.models import Run
from tests.designer.conftest import Team


def gate(team: Team, model: str, *gates: dict[str, Any], who: str = "admin") -> Any:
    return team.client(who).put(f"/api/models/{model}/gates/", {"gates": list(gates)}, format="json")


def move(team: Team, model: str, to: int, expected: int | None = None) -> Any:
    return team.client("editor").put(f"/api/models/{model}/aliases/champion/", {"version": to, "expected": expected}, format="json")


def approve(team: Team, model: str, number: int) -> Any:
    return team.client("admin").put(f"/api/models/{model}/versions/{number}/stage/", {"stage": "approved"}, format="json")


def results(team: Team, model: str, number: int) -> Any:
    return team.client("viewer").get(f"/api/models/{model}/versions/{number}/gates/").json()


def figures(model: str, number: int, *values: float, key: str = "auc", better: str = "high") -> None:
    facts = {"node": "n", "evaluation": "e", "model": "m", "rows": 1, "title": key.upper(), "interval": None}
    metrics = [{**facts, "key": key, "better": better, "value": value} for value in values]
    ModelVersion.objects.filter(model=model, number=number).update(metrics=metrics)


def error(answer: Any) -> Any:
    assert answer.status_code == 409, answer.content
    return answer.json()["error"]


def test_admins_set_conditions_and_the_audit_trail_has_them(team: Team, two: str) -> None:
    wanted = {"kind": "figure", "figure": "auc", "bound": 0.8}
    assert gate(team, two, wanted, who="editor").status_code == 403
    (shown,) = gate(team, two, wanted, wanted).json()["gates"]
    assert shown == {"kind": "figure", "alias": "", "figure": "auc", "bound": 0.8, "margin": None}
    kept = AuditEntry.objects.filter(action="model.gates", outcome="allowed").get()
    assert "'bound': 0.8" in kept.details["gates"]
    assert gate(team, two).json()["gates"] == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({}, "bad_gate"),
        ({"kind": "luck"}, "bad_gate"),
        ({"kind": "figure", "figure": "auc"}, "bad_gate"),
        ({"kind": "figure", "bound": 1}, "bad_gate"),
        ({"kind": "figure", "figure": "auc", "bound": 1, "margin": 1}, "bad_gate"),
        ({"kind": "figure", "figure": "auc", "margin": -1}, "bad_gate"),
        ({"kind": "parity", "bound": 1}, "bad_gate"),
        ({"kind": "approved"}, "bad_gate"),
        ({"kind": "parity", "alias": "latest"}, "bad_name"),
    ],
)
def test_what_cannot_be_checked_is_refused(team: Team, two: str, wrong: dict[str, Any], code: str) -> None:
    refused = gate(team, two, wrong)
    assert refused.status_code in (400, 422) and refused.json()["error"]["remedy"], refused.content
    assert code == "bad_name" or refused.json()["error"]["code"] == code
    assert RegisteredModel.objects.get(pk=two).gates == []


def test_a_bound_keeps_a_worse_version_from_the_alias_and_says_so(team: Team, two: str) -> None:
    gate(team, two, {"kind": "figure", "alias": "champion", "figure": "auc", "bound": 0.8})
    figures(two, 1, 0.9, 0.79)  # the worst of its evaluations counts
    refused = error(move(team, two, 1))
    assert refused["code"] == "gate_closed"
    assert (
        refused["words"] == "The alias champion cannot move to version 1. “AUC is at least 0.8” is not met: It is 0.79, and 0.8 is needed."
    )
    assert refused["remedy"] and not Change.objects.exists()
    assert "auc" in error(move(team, two, 2))["words"]  # it has no figures at all
    figures(two, 1, 0.9, 0.8)
    assert move(team, two, 1).status_code == 200
    assert Change.objects.get().met == ["AUC is at least 0.8"]
    assert team.client("viewer").get(f"/api/models/{two}/history/").json()[0]["met"] == ["AUC is at least 0.8"]
    assert approve(team, two, 2).status_code == 200  # another decision has no conditions


@pytest.mark.parametrize(
    ("better", "values", "met"),
    [("high", (0.9, 0.89), False), ("high", (0.9, 0.898), True), ("low", (5, 5.001), True), ("low", (5, 5.1), False)],
)
def test_a_margin_compares_with_the_version_that_the_alias_names(
    team: Team, two: str, better: str, values: tuple[float, float], met: bool
) -> None:
    figures(two, 1, values[0], better=better)
    figures(two, 2, values[1], better=better)
    gate(team, two, {"kind": "figure", "alias": "champion", "figure": "auc", "margin": 0.002})
    assert move(team, two, 1).status_code == 200  # there is no version before
    assert (move(team, two, 2, 1).status_code == 200) is met
    assert results(team, two, 2)[0]["passed"] is met


def test_only_an_approved_version_gets_the_alias(team: Team, two: str) -> None:
    gate(team, two, {"kind": "approved", "alias": "champion"})
    assert "It is candidate." in error(move(team, two, 1))["words"]
    assert approve(team, two, 1).status_code == 200 and move(team, two, 1).status_code == 200


def test_approval_needs_a_proof_that_has_passed(team: Team, two: str) -> None:
    gate(team, two, {"kind": "parity"})
    run = Run.objects.get(pk=ModelVersion.objects.get(model=two, number=1).run)
    assert "There is no proof" in error(approve(team, two, 1))["words"]
    proof = ParityProof.objects.create(run=run, scored="score.table")
    for state, report, said in (
        (ProofState.PROVING, None, "still being made"),
        (ProofState.FAILED, None, "could not be made"),
        (ProofState.MADE, {"passed": False}, "found other scores"),
    ):
        ParityProof.objects.filter(pk=proof.pk).update(state=state, report=report)
        assert said in error(approve(team, two, 1))["words"]
    ParityProof.objects.filter(pk=proof.pk).update(report={"passed": True})
    other = ParityProof.objects.create(run=run, scored="learner.model", state=ProofState.MADE, report={"passed": False})
    assert approve(team, two, 1).status_code == 200  # that is not computed with the model
    ParityProof.objects.exclude(pk=other.pk).delete()
    ParityProof.objects.filter(pk=other.pk).update(report={"passed": True})
    assert not results(team, two, 1)[0]["passed"]


def test_a_published_version_has_been_proven(team: Team, two: str) -> None:
    """Publishing makes the same proof, unless the scoring pipeline was edited before."""
    gate(team, two, {"kind": "parity"})
    version = ModelVersion.objects.get(model=two, number=1)
    endpoint = Endpoint.objects.create(workspace=version.model.workspace, name="served")
    served = EndpointVersion.objects.create(endpoint=endpoint, number=1, run=version.run, node="score.table", parity={"passed": False})
    assert "There is no proof" in error(approve(team, two, 1))["words"]
    EndpointVersion.objects.filter(pk=served.pk).update(parity={"passed": True}, document="edited")
    assert "There is no proof" in error(approve(team, two, 1))["words"]
    EndpointVersion.objects.filter(pk=served.pk).update(document=None, node="other.table")
    assert "There is no proof" in error(approve(team, two, 1))["words"]
    EndpointVersion.objects.filter(pk=served.pk).update(node="score.table")
    assert approve(team, two, 1).status_code == 200


def test_a_breaking_signature_is_named_by_its_column(team: Team, two: str) -> None:
    gate(team, two, {"kind": "signature"}, {"kind": "signature", "alias": "champion"})
    assert approve(team, two, 1).status_code == 200 and move(team, two, 1).status_code == 200
    second = ModelVersion.objects.get(model=two, number=2)
    same = dict(second.signature)
    new = {**same["inputs"][0], "name": "colour", "nullable": False}
    ModelVersion.objects.filter(pk=second.pk).update(signature={**same, "inputs": [*same["inputs"], new]})
    for refused in (approve(team, two, 2), move(team, two, 2, 1)):
        assert "“colour” is new and required" in error(refused)["words"]
    assert [each["passed"] for each in results(team, two, 2)] == [False, False]
    ModelVersion.objects.filter(pk=second.pk).update(signature=None)
    assert "has no signature" in error(approve(team, two, 2))["words"]
    ModelVersion.objects.filter(pk=second.pk).update(signature=same)
    assert approve(team, two, 2).status_code == 200


def test_removing_an_alias_and_retiring_need_nothing(team: Team, two: str) -> None:
    assert move(team, two, 1).status_code == 200
    gate(team, two, {"kind": "parity"}, {"kind": "approved", "alias": "champion"})
    assert team.client("editor").delete(f"/api/models/{two}/aliases/champion/?expected=1").status_code == 204
    retired = team.client("admin").put(f"/api/models/{two}/versions/1/stage/", {"stage": "retired"}, format="json")
    assert retired.status_code == 200
