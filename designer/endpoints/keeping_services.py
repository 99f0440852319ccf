"""Changing what an endpoint keeps, and showing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Min, QuerySet

from designer.endpoints.keeping import Rule
from designer.endpoints.keeping_schemas import EndpointKeeping, KeptNow
from designer.endpoints.models import Endpoint, Keeping
from designer.endpoints.moves import announce
from designer.http.errors import Refusal
from designer.http.misread import misread
from pipelines.serving.signature import Signature

FIELDS = ("days", "answer_days", "bound")  # of the row; the others are the rule


def change(endpoint: Endpoint, asked: Mapping[str, Any]) -> None:
    """Change what is kept; what is not given stays. Serving processes follow within a second.

    Raises:
        Refusal: 422 naming the setting.
    """
    columns = {column.name for column in _inputs(endpoint)}
    named = [*(asked.get("columns") or ()), *(asked.get("sensitive") or ()), *filter(None, [asked.get("key")])]
    if unknown := [name for name in named if name not in columns]:
        words = f"No version of the endpoint has the input “{unknown[0][:100]}”."
        raise Refusal(422, "unknown_column", words, remedy="Choose inputs of a version.", field="columns")
    with transaction.atomic():
        Endpoint.objects.select_for_update().get(pk=endpoint.pk)
        keeping, _ = Keeping.objects.get_or_create(endpoint=endpoint)
        wanted = {**keeping.rule, **{name: value for name, value in asked.items() if name not in FIELDS}}
        try:
            msgspec.convert(wanted, Rule)
        except msgspec.ValidationError as wrong:
            raise Refusal(
                422, "wrong_setting", f"A setting cannot be: {misread(wrong)}.", remedy="Give a value in its range.", field="keeping"
            ) from None
        keeping.rule = wanted
        for name in FIELDS:
            setattr(keeping, name, asked.get(name, getattr(keeping, name)))
        keeping.save(update_fields=["rule", *FIELDS])
        announce()


def shown(endpoint: Endpoint) -> EndpointKeeping:
    """What an endpoint keeps, and what is there now."""
    keeping = Keeping.objects.filter(endpoint=endpoint).select_related("dataset").first() or Keeping(endpoint=endpoint)
    rule = msgspec.convert(keeping.rule, Rule)
    names = [column.name for column in _inputs(endpoint)]
    kept = rule.kept(names)
    return EndpointKeeping(
        share=rule.share,
        days=keeping.days,
        columns=None if rule.columns is None else [*rule.columns],
        sensitive=rule.marked(names),
        guessed=rule.sensitive is None,
        kept=kept,
        left_out=[name for name in names if name not in kept],
        answers=rule.answers,
        answer_days=keeping.answer_days,
        key=rule.key,
        samples=_now(endpoint.samples.all()),
        predictions=_now(endpoint.answers.all()),
        too_fast=keeping.left_out,
        dataset=keeping.dataset_id,
        dataset_name=keeping.dataset.name if keeping.dataset else "",
        problem=keeping.problem,
    )


def _now(rows: QuerySet[Any]) -> KeptNow:
    return KeptNow(rows.count(), rows.aggregate(oldest=Min("at"))["oldest"])


def _inputs(endpoint: Endpoint) -> list[Any]:
    """The inputs of all versions, the newest first, each name once."""
    found: dict[str, Any] = {}
    for stored in endpoint.versions.exclude(signature=None).order_by("-number").values_list("signature", flat=True):
        for column in msgspec.convert(stored, Signature).inputs:
            found.setdefault(column.name, column)
    return [*found.values()]
