"""Truth that arrives later: joined to kept answers by key, as figures by the day of the prediction, and as an alarm."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

import msgspec
from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import TruncDate

from designer.datasets.models import Dataset
from designer.datasets.names import seen_from
from designer.endpoints.alarms import WHOLE, settle
from designer.endpoints.keeping import clean, key_of
from designer.endpoints.keeping_schemas import EndpointTruth, TruthDay, TruthFigure, TruthOfRun
from designer.endpoints.models import Endpoint, Keeping, KeptAnswer, Truth
from designer.endpoints.monitor_settings import settings_of
from designer.http.errors import Refusal
from pipelines import flow
from pipelines.monitoring.judging import Signal
from pipelines.monitoring.target import FIGURES, Target, target_by_type
from pipelines.monitoring.truth import LEAST_LABELS, Quality, is_beyond, live_figures, unknown_classes
from pipelines.serving.signature import Signature

MOST_ROWS, MOST_OF_DATASET, MOST_COMPARED = 10_000, 1_000_000, 100_000
LONGEST_VALUE, MOST_PLACE = 500, 10**6
PIECE = 500
SHOWN_DAYS = 90
JUDGED_DAYS = 30
MOST_UNKNOWN = 5
KIND: Final = "truth"
UNKNOWN = Target("classes")  # of an endpoint without a version that was built
BOUNDED = {"classes": "accuracy", "numbers": "mean_absolute_error"}


class Known(NamedTuple):
    """An answer whose truth is known."""

    day: date
    version: int
    answer: Any
    actual: Any


def add(endpoint: Endpoint, rows: Sequence[Mapping[str, Any]], now: datetime) -> int:
    """Store truth; of a key that has one it is replaced. Returns how many of the rows have an answer that is kept.

    Raises:
        Refusal: 422 naming the row that has no key, no value, or one that is too long.
    """
    found: dict[str, str] = {}
    for place, row in enumerate(rows):
        key = _key(row)
        if not key or row.get("actual") is None or isinstance(row["actual"], dict | list):
            words = f"Row {place} has {'no key' if not key else 'no value'}."
            remedy = 'Give {"request_id": "...", "row": 0, "actual": 1} or {"key": "...", "actual": 1}.'
            raise Refusal(422, "wrong_row", words, remedy=remedy, field=f"rows[{place}]")
        found[key] = json.dumps(row["actual"], ensure_ascii=False)
        if len(found[key]) > LONGEST_VALUE:
            words = f"The value of row {place} is longer than {LONGEST_VALUE} characters."
            raise Refusal(422, "wrong_row", words, remedy="Give the class or the number that was true.", field=f"rows[{place}].actual")
    truths = [Truth(endpoint=endpoint, key=key, value=value, at=now) for key, value in found.items()]
    with transaction.atomic():
        Truth.objects.bulk_create(
            truths, update_conflicts=True, unique_fields=["endpoint", "key"], update_fields=["value", "at"], batch_size=PIECE
        )
    keys = list(found)
    return sum(
        endpoint.answers.filter(key__in=keys[start : start + PIECE]).values("key").distinct().count()
        for start in range(0, len(keys), PIECE)
    )


def _key(row: Mapping[str, Any]) -> str:
    if row.get("request_id"):
        place = row.get("row", 0)
        return key_of(str(row["request_id"]), place) if isinstance(place, int) and 0 <= place < MOST_PLACE else ""
    return clean(str(row["key"])) if row.get("key") not in (None, "") else ""


def rows_of_dataset(endpoint: Endpoint, name: str, key: str, actual: str) -> list[dict[str, Any]]:
    """Truth from the newest version of a dataset: a column with keys, and one with values. Without a value a row is left out.

    Raises:
        Refusal: 422 for an unknown dataset or column, or too many rows; 410 when it is lost.
    """
    dataset = Dataset.objects.filter(seen_from(endpoint.workspace), name=name, kind="table").first()
    if dataset is None:
        raise Refusal(422, "unknown_dataset", f"There is no dataset “{name[:60]}”.", remedy="Give the name of a table.", field="dataset")
    version = dataset.versions.order_by("-number")[0]
    if version.rows > MOST_OF_DATASET:
        words = f"The dataset has {version.rows:,} rows; at most {MOST_OF_DATASET:,} are read."
        raise Refusal(422, "too_many_rows", words, remedy="Filter it first.", field="dataset")
    try:
        frame = flow.table(version.output, dataset.scope).frame
    except flow.Damaged:
        raise Refusal(410, "result_lost", "The rows of the dataset are missing or damaged.", remedy="Upload it again.") from None
    for column in (key, actual):
        if column not in frame.columns:
            words = f"The dataset has no column “{column[:100]}”."
            raise Refusal(422, "unknown_column", words, remedy="Give one of its columns.", field="dataset")
    pairs = frame.select(key, actual).drop_nulls().iter_rows()
    by_request = not _rule_key(endpoint)
    return [{"key": key_of(str(one), 0) if by_request and "#" not in str(one) else str(one), "actual": _plain(two)} for one, two in pairs]


def _rule_key(endpoint: Endpoint) -> str:
    keeping = Keeping.objects.filter(endpoint=endpoint).first()
    return str(keeping.rule.get("key", "")) if keeping else ""


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | str) else str(value)


def shown(endpoint: Endpoint, now: datetime) -> EndpointTruth:
    """The figures by day and version, the oldest day first. Those of the newest 100,000 answers with truth, if there are more."""
    keeping = Keeping.objects.filter(endpoint=endpoint).first()
    since = now - timedelta(days=SHOWN_DAYS)
    answers = endpoint.answers.filter(at__gte=since)
    totals = answers.annotate(day=TruncDate("at")).values("day", "version").annotate(rows=Count("pk")).order_by("day", "version")
    known, of = list(_known(endpoint, since)), _qualities(endpoint)
    newest = next(reversed(of.values())).target if of else UNKNOWN
    used = {number: of[number].target if number in of else newest for number in dict.fromkeys(total["version"] for total in totals)}
    by_place: dict[tuple[date, int], list[Known]] = {}
    for each in known:
        by_place.setdefault((each.day, each.version), []).append(each)
    days = [_day(total, by_place.get((total["day"], total["version"]), ()), used[total["version"]]) for total in totals]
    actual = {number: [each.actual for each in known if each.version == number] for number in used}
    unknown = dict.fromkeys(name for number, target in used.items() for name in unknown_classes(target, actual[number]))
    return EndpointTruth(
        task=_task(newest),
        key=_rule_key(endpoint),
        keeps=bool(keeping and keeping.rule.get("answers")),
        bound=keeping.bound if keeping else None,
        least_labels=LEAST_LABELS,
        truths=endpoint.truths.count(),
        most_compared=MOST_COMPARED,
        cut=len(known) >= MOST_COMPARED,
        positive=newest.positive if newest.kind == "two_class" else None,
        unknown=list(unknown)[:MOST_UNKNOWN],
        figures=[
            TruthFigure(*each) for each in dict.fromkeys(each for target in (newest, *used.values()) for each in FIGURES[target.kind])
        ],
        runs=[TruthOfRun(number, run.labels, run.values) for number in used if number in of and (run := of[number].run)],
        days=days,
    )


def _day(total: Mapping[str, Any], found: Sequence[Known], target: Target) -> TruthDay:
    figures = live_figures(target, [each.answer for each in found], [each.actual for each in found])
    share = len(found) / total["rows"]
    return TruthDay(total["day"], total["version"], total["rows"], len(found), share, figures.labels, figures.values)


def _known(endpoint: Endpoint, since: datetime) -> Iterator[Known]:
    """The answers since a moment whose truth is known, the newest first."""
    truth = Truth.objects.filter(endpoint=endpoint, key=OuterRef("key")).values("value")[:1]
    rows = endpoint.answers.filter(at__gte=since).annotate(truth=Subquery(truth), day=TruncDate("at")).exclude(truth=None).order_by("-at")
    for day, version, answer, value in rows.values_list("day", "version", "answer", "truth")[:MOST_COMPARED]:
        yield Known(day, version, msgspec.json.decode(answer), json.loads(value))


def _qualities(endpoint: Endpoint) -> dict[int, Quality]:
    """What each version predicts and how well it did in its run, the newest last. Of a version of an older Easel the types of the signature say it."""
    found = {}
    for number, signature, quality in (
        endpoint.versions.exclude(signature=None).order_by("number").values_list("number", "signature", "quality")
    ):
        types = {column.name: column.type for column in msgspec.convert(signature, Signature).outputs}
        found[number] = msgspec.convert(quality, Quality) if quality else Quality(target_by_type(types))
    return found


def _task(target: Target) -> Literal["classes", "numbers"]:
    return "numbers" if target.kind == "numbers" else "classes"


def judge(now: datetime) -> None:
    """Judge the newest days with enough labels of each endpoint that has a bound. It may run in several processes at once."""
    for keeping in Keeping.objects.exclude(bound=None).select_related("endpoint"):
        endpoint = keeping.endpoint
        if not settings_of(endpoint).enabled or keeping.bound is None:
            continue
        found = _newest(list(_known(endpoint, now - timedelta(days=JUDGED_DAYS))))
        target = next(reversed(_qualities(endpoint).values()), Quality(UNKNOWN)).target
        pairs = [each.answer for each in found], [each.actual for each in found]
        task, figures = _task(target), live_figures(target, *pairs)
        beyond, value = is_beyond(target, keeping.bound, *pairs), figures.values[BOUNDED[task]]
        if beyond is None or value is None:
            continue
        within = value >= keeping.bound if task == "classes" else value <= keeping.bound
        words = f"{'Accuracy' if task == 'classes' else 'The mean absolute error'} of {figures.labels:,} answers since {found[-1].day}"
        words += f" is {value:.4g}; the bound is {keeping.bound:g}."
        raised = [Signal("", KIND, words)] if beyond else []
        with transaction.atomic():
            held = Endpoint.objects.select_for_update().filter(pk=endpoint.pk).first()
            if held is not None:
                settle(held, WHOLE, raised, lambda row, within=within: row.kind == KIND and within, now)  # type: ignore[misc]


def _newest(known: Sequence[Known]) -> list[Known]:
    """The answers of the newest days, as many days as it takes for enough labels."""
    found: list[Known] = []
    for each in known:
        if len(found) >= LEAST_LABELS and each.day != found[-1].day:
            break
        found.append(each)
    return found


def forget(now: datetime) -> None:
    """Delete truth for which no answer came or is kept any more."""
    for keeping in Keeping.objects.all():
        kept = KeptAnswer.objects.filter(endpoint=keeping.endpoint_id).values("key")
        old = Truth.objects.filter(endpoint=keeping.endpoint_id, at__lt=now - timedelta(days=keeping.answer_days))
        old.exclude(key__in=kept).delete()
