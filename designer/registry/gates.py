"""Conditions that a version must meet before it is approved, or before an alias moves to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Annotated, Any, Literal

import msgspec
from django.db import transaction

from designer.http.errors import Refusal
from designer.http.misread import misread
from designer.registry.models import ModelVersion, RegisteredModel, Stage
from designer.registry.names import check_alias
from pipelines.serving.compatibility import compatibility
from pipelines.serving.signature import Signature

MOST_GATES = 50
# Says why the scores of the run that made a version are not proven; None when they are. Nouns above the registry add it.
PROOFS: list[Callable[[ModelVersion], str | None]] = []


class Gate(msgspec.Struct, frozen=True):
    """A condition. Without an alias it is for approving; with one, for moving that alias."""

    kind: Annotated[
        Literal["parity", "signature", "figure", "approved"],
        msgspec.Meta(description="Proof of parity passed; signature compatible with the current version; a figure; approved by an admin."),
    ]
    alias: str = ""
    figure: Annotated[str, msgspec.Meta(description="The key of the figure; where several evaluations have it, the worst counts.")] = ""
    bound: Annotated[float | None, msgspec.Meta(description="What the figure must reach.")] = None
    margin: Annotated[float | None, msgspec.Meta(description="By how much it may be worse than the current version's.")] = None


class GateResult(msgspec.Struct):
    """A condition in words, whether a version meets it, and why, with what helps."""

    alias: str
    condition: str
    passed: bool
    words: str
    remedy: str


def read_gates(model: RegisteredModel) -> list[Gate]:
    """The conditions of a model."""
    return msgspec.convert(model.gates, list[Gate])


@transaction.atomic
def set_gates(model: RegisteredModel, given: object) -> None:
    """Replace the conditions of a model. What was decided before stays.

    Raises:
        Refusal: 422 for a condition that cannot be checked.
    """
    try:
        gates = msgspec.convert(given, list[Gate])
    except msgspec.ValidationError as wrong:
        words = f"The conditions cannot be read: {misread(wrong)}."
        raise Refusal(422, "bad_gate", words, remedy="Correct the named part.", field="gates") from None
    if len(gates) > MOST_GATES:
        raise Refusal(422, "too_many_gates", f"There are more than {MOST_GATES} conditions.", remedy="Name fewer.", field="gates")
    for gate in gates:
        _check(gate)
    RegisteredModel.objects.filter(pk=model.pk).update(gates=msgspec.to_builtins(list(dict.fromkeys(gates))))


def _check(gate: Gate) -> None:
    if gate.alias:
        check_alias(gate.alias)
    measures = gate.kind == "figure"
    if measures and not (gate.figure and (gate.bound is None) != (gate.margin is None)):
        words = "A condition on a figure needs the key of the figure, and either a bound or a margin."
        raise Refusal(422, "bad_gate", words, remedy='Send {"kind": "figure", "figure": "auc", "bound": 0.8}, for example.', field="gates")
    if not isfinite(gate.bound or 0) or not isfinite(gate.margin or 0) or (gate.margin or 0) < 0:
        words = "A bound is a finite number, and a margin is also at least 0."
        raise Refusal(422, "bad_gate", words, remedy="Correct the number.", field="gates")
    if not measures and (gate.figure or gate.bound is not None or gate.margin is not None):
        words = f"A condition of the kind {gate.kind} has no figure, bound or margin."
        raise Refusal(422, "bad_gate", words, remedy="Leave them out.", field="gates")
    if gate.kind == "approved" and not gate.alias:
        words = "Approving cannot need an approval."
        raise Refusal(422, "bad_gate", words, remedy="Name an alias for this condition.", field="gates")


def results(version: ModelVersion, gates: list[Gate]) -> list[GateResult]:
    """How a version stands to conditions of its model."""
    found = []
    for gate in gates:
        condition, wrong, remedy = CHECKS[gate.kind](version, gate)
        found.append(GateResult(gate.alias, condition, not wrong, wrong or "Met.", remedy if wrong else ""))
    return found


def pass_gates(version: ModelVersion, alias: str) -> list[str]:
    """Check the conditions for approving a version, or for moving an alias to it; returns them in words.

    Raises:
        Refusal: 409 with each condition that is not met, and what helps.
    """
    found = results(version, [gate for gate in read_gates(version.model) if gate.alias == alias])
    if failed := [each for each in found if not each.passed]:
        what = f"The alias {alias} cannot move to version {version.number}" if alias else f"Version {version.number} cannot be approved"
        reasons = " ".join(f"“{each.condition}” is not met: {each.words}" for each in failed)
        remedy = " ".join(dict.fromkeys(each.remedy for each in failed))
        raise Refusal(409, "gate_closed", f"{what}. {reasons}", remedy=remedy)
    return [each.condition for each in found]


Outcome = tuple[str, str, str]  # the condition in words, why it is not met or nothing, and what helps


def _parity(version: ModelVersion, gate: Gate) -> Outcome:
    condition, remedy = "The proof of parity has passed", "Open the scoring pipeline of the run that made the version, and prove it."
    if not version.run:
        return condition, "The version was imported, so no run has scores to compare with.", "Register the model of a run."
    reasons = [why for proof in PROOFS if (why := proof(version)) is not None]
    return condition, " ".join(reasons), remedy


def _signature(version: ModelVersion, gate: Gate) -> Outcome:
    current = _current(version, gate.alias)
    condition = f"The signature is compatible with that of {_named(gate.alias)}"
    if version.signature is None:
        return condition, "The version has no signature.", "Register it from a run that keeps a table with all features."
    if current is None or current.signature is None:
        return condition, "", ""
    found = compatibility(*(msgspec.convert(each.signature, Signature) for each in (version, current)))
    breaking = " ".join(each.words for each in found.differences if each.breaking)
    return condition, breaking, f"Train it on the columns of version {current.number}, or use another alias."


def _figure(version: ModelVersion, gate: Gate) -> Outcome:
    own = _worst(version, gate.figure)
    title, low = (own[1], own[2]) if own else (gate.figure, False)
    sign = "at most" if low else "at least"
    if gate.bound is not None:
        condition, least = f"{title} is {sign} {gate.bound:g}", gate.bound
    else:
        current = _current(version, gate.alias)
        theirs = _worst(current, gate.figure) if current else None
        allowed = f", or {gate.margin:g} worse," if gate.margin else ""
        condition = f"{title} is {sign} that of {_named(gate.alias)}{allowed}".rstrip(",")
        if theirs is None:
            return condition, "" if own else f"The version has no figure {gate.figure}.", "Evaluate the model in the run that makes it."
        least = theirs[0] + (1 if low else -1) * (gate.margin or 0.0)
    if own is None:
        return condition, f"The version has no figure {gate.figure}.", "Evaluate the model in the run that makes it, and register it again."
    met = own[0] <= least if low else own[0] >= least
    return (
        condition,
        "" if met else f"It is {own[0]:.6g}, and {least:.6g} is needed.",
        "Choose a better version, or have an admin change the condition.",
    )


def _approved(version: ModelVersion, gate: Gate) -> Outcome:
    wrong = "" if version.stage == Stage.APPROVED else f"It is {version.stage}."
    return "The version is approved", wrong, "Ask an admin or owner to approve it."


CHECKS: Mapping[str, Callable[[ModelVersion, Gate], Outcome]] = {
    "parity": _parity,
    "signature": _signature,
    "figure": _figure,
    "approved": _approved,
}


def _named(alias: str) -> str:
    return f"the version that {alias} names" if alias else "the newest approved version"


def _current(version: ModelVersion, alias: str) -> ModelVersion | None:
    """The version that the new one follows; none when there is none, or it is the same."""
    others = version.model.versions.exclude(pk=version.pk)
    found = others.filter(aliases__name=alias) if alias else others.filter(stage=Stage.APPROVED).order_by("-number")
    return found.first()


def _worst(version: ModelVersion, key: str) -> tuple[float, str, bool] | None:
    """The worst value of a figure over the evaluations of a version, its title, and whether low values are better."""
    found: list[dict[str, Any]] = [each for each in version.metrics if each["key"] == key]
    if not found:
        return None
    low = found[0]["better"] == "low"
    value = (max if low else min)(each["value"] for each in found)
    return value, found[0]["title"], low
