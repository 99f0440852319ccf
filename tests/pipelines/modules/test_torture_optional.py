"""Bad tables at inputs that a module can do without, and through scripts that hand on what they get."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import TABLE, Table
from tests.pipelines.modules import examples
from tests.pipelines.modules.examples import Use, cars
from tests.pipelines.modules.recommendation.rating import DESCRIBED, small
from tests.pipelines.modules.test_torture import answer, store  # noqa: F401  a fixture
from tests.pipelines.modules.torture import TORTURES
from tests.support.module_runner import run

PEOPLE = pl.DataFrame({"who": ["Ada", "Ben", "Eve"], "age": [30, None, 41], "city": ["Bern", "Lyon", None]})
# By module: the tables at optional inputs, and settings that use them.
GIVEN: Mapping[str, tuple[Mapping[str, Callable[[], Any]], Mapping[str, Any]]] = {
    "forecasting.forecast": ({"known_ahead": cars}, {}),
    "forecasting.reconcile_forecasts": ({"past": cars}, {"method": "shrinkage"}),
    "training.train_best_model": ({"validation": cars}, {"trials": 1, "learners": "linear"}),
    "training.tune_model_hyperparameters": ({"validation": cars, "earlier": cars}, {"trials": 1}),
    "transform.sql": ({"t2": cars, "t3": cars}, {"query": "select * from t1 union all by name select * from t2 union all by name select * from t3"}),
    "transform.replace_values": ({"mapping": lambda: pl.DataFrame({"old": ["bmw", "audi"], "new": ["BMW", None]})}, {"columns": ["make"]}),
    "recommendation.evaluate_recommender": ({"training": small}, {}),
    "recommendation.score_svd_recommender": ({"training": small}, {"kind": "items", "among": "unrated", "predicted": True}),
    "recommendation.score_wide_and_deep_recommender": (
        {"user_features": lambda: PEOPLE, "item_features": lambda: DESCRIBED, "training": small},
        {"kind": "items", "among": "unrated", "predicted": True},
    ),
    "recommendation.train_wide_and_deep_recommender": ({"user_features": lambda: PEOPLE, "item_features": lambda: DESCRIBED}, {}),
    "script.bundle": ({"table": cars}, {}),
    "text.extract_key_phrases": ({"words": lambda: pl.DataFrame({"word": ["the", "of"]})}, {}),
    "text.extract_n_grams": (
        {"vocabulary": lambda: run("text.extract_n_grams", {"column": "make"}, table=cars())["vocabulary"]},
        {"mode": "merge"},
    ),
    "text.preprocess_text": ({"stop_words": lambda: pl.DataFrame({"word": ["bmw", "the"]})}, {}),
    "vision.densenet": ({"weights": cars}, {}),
    "vision.resnet": ({"weights": cars}, {}),
}  # fmt: skip
SCRIPTS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "polars": ("script.python", {"code": "def main(first, second):\n    return first, second\n"}),
    "pandas": ("script.python", {"code": "def main(first, second):\n    return first, second\n", "tables": "pandas"}),
    "R": ("script.r", {"code": "main <- function(first, second) list(first, second)"}),
}
# Modules that train or read models at each call, and R, which is a process at each call.
SLOW = {
    "recommendation.train_wide_and_deep_recommender",
    "script.r",
    "training.train_best_model",
    "training.tune_model_hyperparameters",
    "vision.densenet",
    "vision.resnet",
    ("transform.sql", "2,000 columns"),
}


def test_each_module_with_optional_tables_is_tried():
    there = {id for id, module in catalogue().modules.items() if any(port.optional and port.kind == TABLE for port in module.inputs)}
    assert {id for id in there if not id.startswith("trial.")} == GIVEN.keys() | {id for id, _ in SCRIPTS.values()}


@cache
def use_of(id: str) -> Use:
    tables, settings = GIVEN[id]
    use = examples.example(catalogue().modules[id])
    given = {port: [value if isinstance(value := make(), Table) else Table(value)] for port, make in tables.items()}
    return Use({**use.settings, **settings}, {**use.inputs, **given})


def cells():
    for id in GIVEN:
        if catalogue().modules[id].is_installed:
            for name in TORTURES:
                slow = pytest.mark.slow if id in SLOW or (id, name) in SLOW else ()
                yield pytest.param(id, name, id=f"{id}: {name}", marks=slow)


@pytest.mark.parametrize(("id", "torture"), list(cells()))
def test_it_answers(id, torture, store):  # noqa: F811
    module, use = catalogue().modules[id], use_of(id)
    optional = {port: values for port, values in use.inputs.items() if port in GIVEN[id][0]}
    bad = TORTURES[torture](module, replace(use, inputs=optional))
    answer(module, replace(use, inputs={**use.inputs, **bad.inputs}), store)


def scripts():
    for name, (id, _) in SCRIPTS.items():
        slow = pytest.mark.slow if id in SLOW else ()
        if catalogue().modules[id].is_installed:
            yield from (pytest.param(name, torture, id=f"{name}: {torture}", marks=slow) for torture in TORTURES)


@pytest.mark.parametrize(("language", "torture"), list(scripts()))
def test_a_script_hands_it_on(language, torture, store):  # noqa: F811
    id, settings = SCRIPTS[language]
    module = catalogue().modules[id]
    bad = TORTURES[torture](module, Use(settings, {"first": [cars()], "second": [cars()]}))
    given, found = bad.inputs["first"][0].frame, answer(module, bad, store)
    if found is not None:
        back = found["first"].frame
        assert back.height == given.height and set(back.columns) <= set(given.columns)
        if language == "polars":
            assert back.equals(given)
