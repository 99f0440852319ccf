"""Sampled rows as versions of a dataset, and their ends: by age, and by the id of a request."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain, count
from typing import Any

import msgspec
import polars as pl
from django.db import transaction
from django.utils import timezone

from designer.datasets.cleanup import claimed
from designer.datasets.ingest import store_table
from designer.datasets.models import DatasetVersion
from designer.datasets.names import name_from
from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.parse import Options
from designer.datasets.quota import left_for
from designer.datasets.services import append_version, make
from designer.endpoints.keeping import clean
from designer.endpoints.models import Endpoint, Keeping, SampledRow
from designer.http.errors import Refusal
from pipelines import flow
from pipelines.serving.signature import Column, Signature
from pipelines.texts.rules import USUAL

log = logging.getLogger(__name__)
MOST_SAMPLES, MOST_ANSWERS = 100_000, 1_000_000  # rows of an endpoint; the oldest go first
FACTS = ("request_id", "row", "scored_at", "model_version")
DTYPES: Mapping[str, Any] = {"integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean}


def tend(now: datetime) -> None:
    """Delete what is too old, and make the version of yesterday's rows. It may run in several processes at once."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for keeping in Keeping.objects.select_related("endpoint"):
        endpoint = keeping.endpoint
        _cut(endpoint.samples.all(), keeping.days, MOST_SAMPLES, now)
        _cut(endpoint.answers.all(), keeping.answer_days, MOST_ANSWERS, now)
        last = endpoint.sample_versions.order_by("-until").first()
        if endpoint.samples.filter(at__lt=midnight, **({"at__gte": last.until} if last else {})).exists():
            try:
                make_version(endpoint, midnight)
            except Refusal as refused:
                log.warning("sampled rows of endpoint %s: %s", endpoint.name, refused)
        if old := list(endpoint.sample_versions.filter(oldest__lt=now - timedelta(days=keeping.days)).values_list("version", flat=True)):
            _replace(endpoint, old, now)


def _cut(rows: Any, days: int, most: int, now: datetime) -> None:
    rows.filter(at__lt=now - timedelta(days=days)).delete()
    for at in rows.order_by("-at").values_list("at", flat=True)[most : most + 1]:
        rows.filter(at__lte=at).delete()


def _replace(endpoint: Endpoint, versions: Sequence[int], now: datetime, without: str | None = None) -> None:
    """Delete versions; when the newest is among them, first make one without what has to go, if a row is left.

    So the number of a version is never given again.
    """
    last = endpoint.sample_versions.order_by("-version__number").first()
    if last is not None and last.version_id in versions:
        make_version(endpoint, now, without)
    with transaction.atomic():
        held = Keeping.objects.select_for_update().get(endpoint=endpoint)
        DatasetVersion.objects.filter(pk__in=versions).delete()
        if held.dataset and not held.dataset.versions.exists():
            held.dataset.delete()


def make_version(endpoint: Endpoint, until: datetime, without: str | None = None) -> DatasetVersion | None:
    """Make a version with all sampled rows up to a moment; None when there is no row, or when another process made it.

    Args:
        endpoint: The endpoint.
        until: Only rows from before it.
        without: The id of a request whose rows are left out.

    Raises:
        Refusal: 409 or 503 when there is no space; `problem` of the endpoint says so then.
    """
    rows = list(endpoint.samples.filter(at__lt=until).exclude(request=without).order_by("at", "request", "place"))
    if not rows:
        return None
    try:
        stored = _stored(endpoint, _table(endpoint, rows))
    except (Unreadable, Refusal) as wrong:
        words = wrong.words if isinstance(wrong, Unreadable) else wrong.body["error"]["words"]
        Keeping.objects.filter(endpoint=endpoint).update(problem=words[:500])
        raise wrong if isinstance(wrong, Refusal) else Refusal(409, wrong.code, wrong.words, remedy=wrong.remedy) from None
    with transaction.atomic():
        held = Keeping.objects.select_for_update(of=("self",)).select_related("dataset").get(endpoint=endpoint)
        if endpoint.sample_versions.filter(until=until).exists():
            return None
        source = f"Requests to the endpoint {endpoint.name}"
        if held.dataset is None:
            held.dataset = make(
                endpoint.workspace, name_from(f"{endpoint.name} requests"), f"Requests to {endpoint.name}", source, stored, None
            )
        else:
            append_version(held.dataset, stored, None)
        held.problem = ""
        held.save(update_fields=["dataset", "problem"])
        version = held.dataset.versions.order_by("-number")[0]
        endpoint.sample_versions.create(version=version, oldest=rows[0].at, until=until, without=without or "")
    return version


def _stored(endpoint: Endpoint, table: pl.DataFrame) -> Any:
    with claimed(flow.store(endpoint.workspace_id).scratch()) as file:
        table.write_parquet(file)
        options = Options(USUAL, left_for(endpoint.workspace, file.stat().st_size))
        return store_table(endpoint.workspace_id, file, f"{endpoint.name}.parquet", options=options)


def _table(endpoint: Endpoint, rows: Sequence[SampledRow]) -> pl.DataFrame:
    """The rows with their facts, inputs and answers. Dates stay texts; a value of another type than the newest version's is null."""
    inputs = [msgspec.json.decode(row.inputs) for row in rows]
    answers = [msgspec.json.decode(row.answer) or {} for row in rows]
    found = endpoint.versions.exclude(signature=None).order_by("-number").first()
    signature = msgspec.convert(found.signature, Signature) if found else Signature((), (), {})
    facts: tuple[list[Any], ...] = (
        [row.request for row in rows],
        [row.place for row in rows],
        [row.at for row in rows],
        [row.version for row in rows],
    )
    columns: dict[str, pl.Series] = {name: pl.Series(name, values) for name, values in zip(FACTS, facts, strict=True)}
    for parts, known in ((inputs, signature.inputs), (answers, signature.outputs)):
        types = {column.name: column for column in known}
        for name in dict.fromkeys([*types, *(name for part in parts for name in part)]):
            if any(name in part for part in parts):
                free = next(each for each in chain([name], (f"{name} ({number})" for number in count(2))) if each not in columns)
                columns[free] = _series(free, [part.get(name) for part in parts], types.get(name))
    return pl.DataFrame(list(columns.values()))


def _series(name: str, values: Sequence[Any], column: Column | None) -> pl.Series:
    dtype = DTYPES.get(column.type, pl.String) if column else pl.String
    texts = [value if value is None or isinstance(value, str) else str(value) for value in values] if dtype is pl.String else values
    return pl.Series(name, texts, dtype=dtype, strict=False)


def forget_request(endpoint: Endpoint, request: str) -> int:
    """Delete what is kept of a request, also in the dataset; returns how many rows were deleted.

    The rows go last: when it is interrupted, doing it again does the rest.

    Raises:
        Refusal: 409 or 503 when there is no space for the version without the request.
    """
    request = clean(request)
    times = list(endpoint.samples.filter(request=request).values_list("at", flat=True))
    _forget_versions(endpoint, times, request)
    with transaction.atomic():
        count = endpoint.samples.filter(request=request).delete()[0] + endpoint.answers.filter(request=request).delete()[0]
    _forget_versions(endpoint, times, request)  # one may have been made meanwhile
    return count


def _forget_versions(endpoint: Endpoint, times: Sequence[datetime], request: str) -> None:
    versions = endpoint.sample_versions.exclude(without=request).values_list("version", "oldest", "until")
    if holding := [version for version, oldest, until in versions if any(oldest <= at < until for at in times)]:
        _replace(endpoint, holding, timezone.now(), request)
