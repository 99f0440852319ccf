"""Truth is joined to kept answers by key, and gives figures by day and an alarm."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import polars as pl
import pytest

from designer.datasets.ingest import Stored
from designer.datasets.services import make
from designer.endpoints import truth
from designer.endpoints.models import Endpoint, Keeping, Truth
from designer.notices.models import Notice
from pipelines import flow
from pipelines.monitoring.target import Target
from pipelines.monitoring.truth import LiveFigures, Quality
from tests.designer.conftest import Team
from tests.designer.endpoints.test_monitoring import cars
from tests.designer.endpoints.test_samples import call
from tests.designer.execution import executed
from tests.support.graph_builder import document
from tests.support.scoring import HOUSES, houses

__all__ = ["cars"]
NOW = datetime.now(UTC)
NOON = (NOW - timedelta(days=5)).replace(hour=12, minute=0, second=0, microsecond=0)
DAY = timedelta(days=1)


@pytest.fixture
def keeping(cars: Endpoint) -> Keeping:
    return Keeping.objects.create(endpoint=cars, rule={"answers": True})


def answer(cars: Endpoint, request: str, at: datetime, value: float, *, place: int = 0, version: int = 1) -> None:
    text = f'{{"sum": {value}, "label": "x"}}'
    cars.answers.create(version=version, at=at, request=request, place=place, key=f"{request}#{place}", answer=text)


def test_truth_is_joined_by_the_request_and_gives_figures_by_day(team: Team, cars: Endpoint, keeping: Keeping) -> None:
    for place in range(2):
        answer(cars, "r1", NOON, 10.0 + place, place=place)
    answer(cars, "r2", NOON + DAY, 5.0)
    answer(cars, "r3", NOON + DAY, 5.0, version=2)
    rows = [{"request_id": "r1", "actual": 12}, {"request_id": "r1", "row": 1, "actual": "11"}, {"request_id": "none", "actual": 1}]
    assert call(team, "editor", "post", f"{cars.pk}/truth/", {"rows": rows}) == {"stored": 3, "joined": 2}
    call(team, "editor", "post", f"{cars.pk}/truth/", {"rows": [{"request_id": "r1", "actual": 14}]})  # it replaces the former one
    found = call(team, "viewer", "get", f"{cars.pk}/truth/")
    assert (found["task"], found["keeps"], found["truths"], found["key"]) == ("numbers", True, 3, "")
    first, second, third = found["days"]
    assert (first["day"], first["answers"], first["labels"]) == (str(NOON.date()), 2, 2)
    assert first["figures"] == {"mean_absolute_error": 2.0, "root_mean_squared_error": 8**0.5, "r2": 1 - 8 / 2.25, "bias": -2.0}
    assert (second["version"], second["share"], second["figures"]["bias"], third["version"]) == (1, 0.0, None, 2)


def test_two_classes_have_their_figures_beside_those_of_the_run(team: Team, cars: Endpoint, keeping: Keeping) -> None:
    target = Target("two_class", {"1": "chance"}, ("0", "1"))
    run = LiveFigures(500, {"accuracy": 0.9, "auc": 0.95})
    cars.versions.update(quality=msgspec.to_builtins(Quality(target, run)))
    for place, (label, chance) in enumerate([(1, 0.9), (1, 0.6), (0, 0.4), (0, 0.1)]):
        text = f'{{"Scored Labels": {label}, "chance": {chance}}}'
        cars.answers.create(version=1, at=NOON, request="r", place=place, key=f"r#{place}", answer=text)
    rows = [{"request_id": "r", "row": place, "actual": value} for place, value in enumerate((True, "0", "1.0", "no"))]
    call(team, "editor", "post", f"{cars.pk}/truth/", {"rows": rows})
    found = call(team, "viewer", "get", f"{cars.pk}/truth/")
    assert (found["task"], found["positive"], found["unknown"]) == ("classes", "1", ["no"])
    assert [each["key"] for each in found["figures"]] == ["accuracy", "auc", "log_loss", "precision", "recall", "f1"]
    figures = found["days"][0]["figures"]
    assert (figures["accuracy"], figures["auc"], figures["precision"], figures["recall"]) == (0.25, 0.75, 0.5, 0.5)
    assert found["runs"] == [{"version": 1, "rows": 500, "figures": {"accuracy": 0.9, "auc": 0.95}}]


@pytest.mark.parametrize(
    ("learner", "text", "kind"),
    [
        ("regression.linear_regression", HOUSES, "numbers"),
        (
            "classification.two_class_logistic_regression",
            re.sub(r",\d+$", lambda found: ",low" if int(found[0][1:]) < 135 else ",high", HOUSES, flags=re.M),
            "two_class",
        ),
    ],
)
def test_the_figures_of_the_run_are_those_of_evaluate_model(team: Team, learner: str, text: str, kind: str) -> None:
    run = executed(team, houses(learner=learner, text=text))
    found = flow.quality_of(run, flow.scoring_graph(run))
    record = flow.output(run, "evaluate", "report")
    assert record and found.run and found.target.kind == kind
    evaluated = (flow.report(record, run.scope) or {})["metrics"][0]["metrics"]
    known = {key: value for key, value in found.run.values.items() if key != "bias"}
    assert len(known) > 2 and known == pytest.approx({key: evaluated[key] for key in known})


def test_an_endpoint_of_clusters_is_watched_by_their_shares_and_not_as_numbers(team: Team) -> None:
    nodes = {
        "data": ("data.enter_data", {"text": HOUSES}),
        "town": ("transform.edit_metadata", {"columns": ["town"], "role": "label"}),
        "rooms": ("transform.edit_metadata", {"columns": ["rooms"], "categorical": "categorical"}),
        "means": ("clustering.k_means", {"clusters": 3}),
        "train": "training.train_clustering",
        "score": "scoring.score_model",
    }
    edges = "data.table town.table|town.table rooms.table|means.model train.untrained|rooms.table train.table|train.model score.model"
    edges += "|rooms.table score.table"
    run = executed(team, {"format": 1, "name": "Clusters", **document(nodes, *edges.split("|"))})
    scoring = flow.scoring_graph(run)
    assert flow.quality_of(run, scoring) == Quality(Target("clusters", {}, ("0", "1", "2")))  # towns are no names of clusters
    kinds = {each.name: each for each in flow.reference_of(run, scoring, flow.scoring_bundle(run, scoring)).columns}
    assert (kinds["Assignments"].kind, kinds["Assignments"].categories) == ("category", ("0", "1", "2"))
    assert (kinds["size"].kind, kinds["rooms"].kind) == ("number", "category")  # a number that a step made categorical
    assert {each.kind for name, each in kinds.items() if name.startswith("Distances")} == {"number"}


def test_truth_is_read_from_two_columns_of_a_dataset(team: Team, cars: Endpoint, keeping: Keeping) -> None:
    Keeping.objects.update(rule={"answers": True, "key": "make"})
    cars.answers.create(version=1, at=NOON, request="r1", place=0, key="bmw", answer='{"sum": 4.0}')
    store = flow.store(team.workspace.pk)
    file = store.scratch()
    pl.DataFrame({"make": ["bmw", "audi", None], "price": [5.0, None, 1.0]}).write_ipc(file, compression="uncompressed")
    digest, size = store.keep(file)
    columns = [{"name": "make", "dtype": "String", "kind": "text"}, {"name": "price", "dtype": "Float64", "kind": "number"}]
    dataset = make(team.workspace, "prices", "Prices", "", Stored(digest, size, 3, columns, "a.csv", "0" * 64, None, [], {}), None)
    body = {"dataset": dataset.name, "key": "make", "actual": "price"}
    assert call(team, "editor", "post", f"{cars.pk}/truth/", body) == {"stored": 1, "joined": 1}
    assert call(team, "viewer", "get", f"{cars.pk}/truth/")["days"][0]["figures"]["mean_absolute_error"] == 1.0
    for wrong, code in (({"dataset": "none"}, "unknown_dataset"), ({"key": "b"}, "unknown_column")):
        assert call(team, "editor", "post", f"{cars.pk}/truth/", {**body, **wrong}, status=422)["error"]["code"] == code


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"dataset": "a"},
        {"rows": [{"actual": 1}]},
        {"rows": [{"request_id": "a"}]},
        {"rows": [{"key": "a", "actual": [1]}]},
        {"rows": [{"request_id": "a", "row": "x", "actual": 1}]},
        {"rows": [{"request_id": "a", "row": 10**300, "actual": 1}]},
        {"rows": [{"request_id": "a", "actual": "x" * 500}]},
    ],
)
def test_what_cannot_be_joined_is_refused(team: Team, cars: Endpoint, keeping: Keeping, body: dict[str, Any]) -> None:
    assert "error" in call(team, "editor", "post", f"{cars.pk}/truth/", body, status=422) and not Truth.objects.exists()


def test_a_long_class_in_any_script_is_kept_whole(team: Team, cars: Endpoint, keeping: Keeping) -> None:
    answer(cars, "r1", NOON, 1.0)
    call(team, "editor", "post", f"{cars.pk}/truth/", {"rows": [{"request_id": "r1", "actual": "車" * 400}]})
    assert call(team, "viewer", "get", f"{cars.pk}/truth/")["days"][0]["labels"] == 1


def test_a_figure_beyond_its_bound_is_one_alarm_and_too_few_labels_are_none(team: Team, cars: Endpoint, keeping: Keeping) -> None:
    call(team, "admin", "put", f"{cars.pk}/keeping/", {"bound": 3.0})

    def fill(day: int, count: int, off: float) -> None:
        for place in range(count):
            answer(cars, f"{day} {place}", NOON + day * DAY, 0.0)
        truth.add(cars, [{"request_id": f"{day} {place}", "actual": off + place % 3} for place in range(count)], NOW)

    fill(0, 99, 9.0)
    truth.judge(NOW)
    assert not Notice.objects.exists()
    fill(1, 60, 9.0)
    for _ in range(2):
        truth.judge(NOW)
    assert Notice.objects.get().words == (
        f"Endpoint “cars”: The mean absolute error of 159 answers since {NOON.date()} is 10; the bound is 3."
    )
    fill(2, 120, 0.0)
    truth.judge(NOW)
    assert list(Notice.objects.order_by("pk").values_list("kind", flat=True)) == ["alarm", "recovered"]


def test_truth_goes_with_its_answers(cars: Endpoint, keeping: Keeping) -> None:
    answer(cars, "r1", NOON, 1.0)
    truth.add(cars, [{"request_id": "r1", "actual": 1}, {"request_id": "r2", "actual": 1}], NOW - 100 * DAY)
    truth.forget(NOW)
    assert list(Truth.objects.values_list("key", flat=True)) == ["r1#0"]
