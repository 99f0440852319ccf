"""Decisions about versions: aliases and stages. Each is a row with who, when and why, and is made against what was there before."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from designer.http.errors import Refusal, absent
from designer.registry.gates import pass_gates
from designer.registry.models import Alias, Change, ModelVersion, RegisteredModel, Stage
from designer.registry.names import check_alias
from designer.registry.queries import locked
from designer.workspaces.people import name_of

MOST_ALIASES = 50


@transaction.atomic
def move_alias(model: RegisteredModel, alias: str, to: int | None, expected: int | None, by: User, why: str) -> None:
    """Let an alias name another version, or none.

    Args:
        model: The model.
        alias: The alias.
        to: The number of the version; None removes the alias.
        expected: The number of the version that it names now, as the caller believes; None for none.
        by: Who moves it.
        why: The reason, for the history.

    Raises:
        Refusal: 409 when the alias names another version than expected, the version is retired, or it does not meet a condition; 404 when there is no such version.
    """
    check_alias(alias)
    model = locked(model.pk)  # with the conditions as they are now
    held = model.aliases.filter(name=alias).select_related("version").first()
    before = held.version.number if held else None
    if before != expected:
        now = f"names version {before}" if before else "does not exist"
        then = f"version {expected}" if expected else "no version"
        words = f"The alias {alias} {now}, not {then}. Somebody else moved it."
        raise Refusal(409, "alias_moved", words, remedy="Look at its history, then move it again.", field="expected")
    if to == before:
        return
    met: list[str] = []
    if to is None:
        model.aliases.filter(name=alias).delete()
    else:
        version = _version(model, to)
        met = pass_gates(version, alias)
        if held is None and model.aliases.count() >= MOST_ALIASES:
            raise Refusal(409, "too_many_aliases", f"“{model.name}” has {MOST_ALIASES} aliases, the maximum.", remedy="Remove one.")
        Alias.objects.update_or_create(model=model, name=alias, defaults={"version": version})
    Change.objects.create(model=model, at=timezone.now(), who=name_of(by), why=why, alias=alias, before=before, after=to, met=met)


def _version(model: RegisteredModel, number: int) -> ModelVersion:
    version = model.versions.filter(number=number).first()
    if version is None:
        words = f"“{model.name}” has no version {number}."
        raise Refusal(404, "unknown_version", words, remedy="Use one of its versions.", field="version")
    if version.stage == Stage.RETIRED:
        words = f"Version {number} of “{model.name}” is retired."
        raise Refusal(409, "version_retired", words, remedy="Choose another version, or make it a candidate again.", field="version")
    return version


@transaction.atomic
def set_stage(version: ModelVersion, stage: str, by: User, why: str) -> None:
    """Make a version a candidate, approve it or retire it.

    Raises:
        Refusal: 409 when a version with an alias is to be retired, or one that does not meet a condition is to be approved; 404 when it was deleted meanwhile.
    """
    locked(version.model_id)
    if not ModelVersion.objects.filter(pk=version.pk).exists():
        raise absent()
    version.refresh_from_db()
    if stage == version.stage:
        return
    if stage == Stage.RETIRED and (held := list(version.aliases.values_list("name", flat=True))):
        words = f"Version {version.number} has the alias {', '.join(held)}."
        raise Refusal(409, "in_use", words, remedy="Move or remove the alias first, then retire the version.", field="stage")
    met = pass_gates(version, "") if stage == Stage.APPROVED else []
    before, version.stage = version.stage, stage
    version.save(update_fields=["stage"])
    Change.objects.create(
        model=version.model,
        at=timezone.now(),
        who=name_of(by),
        why=why,
        number=version.number,
        stage_before=before,
        stage_after=stage,
        met=met,
    )


def aliases_at(model: RegisteredModel, at: datetime) -> dict[str, int]:
    """The version that each alias named at a moment, from the history."""
    named: dict[str, int | None] = {}
    for alias, after in model.changes.filter(at__lte=at).exclude(alias="").order_by("at", "pk").values_list("alias", "after"):
        named[alias] = after
    return {alias: number for alias, number in sorted(named.items()) if number is not None}
