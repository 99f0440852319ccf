"""Every learner through training, scoring and evaluation on tables that are as bad as tables get."""

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import Table
from tests.pipelines.modules.examples import Use, cars, example
from tests.pipelines.modules.test_every_learner import LABELS, TRAINERS
from tests.pipelines.modules.test_torture import answer, store  # noqa: F401  a fixture
from tests.pipelines.modules.torture import CATEGORIES, TYPES, extremes, huge, many_categories
from tests.support.module_runner import only

MODULES = catalogue().modules
SCORE, EVALUATE = MODULES["scoring.score_model"], MODULES["evaluation.evaluate_model"]
LEARNERS = [
    module
    for id, module in sorted(MODULES.items())
    if [port.kind for port in module.outputs] == ["untrained_model"] and not id.startswith("trial.") and module.is_installed
]
every_learner = pytest.mark.parametrize("learner", LEARNERS, ids=lambda module: module.id)


def messy(frame):
    """Infinities, gaps, constants, huge numbers, names, and a column of every type, beside what a model can learn from."""
    height = frame.height
    broken = [extremes(name, frame.schema[name]).alias(name) for name in ("symboling", "wheel-base", "length")]
    return frame.with_columns(
        *broken,
        huge("curb-weight", pl.Int64).alias("curb-weight"),
        pl.lit(None, pl.Float64).alias("no number"),
        pl.lit(None, pl.String).alias("no text"),
        pl.lit(1.5).alias("always the same"),
        pl.lit(float("inf")).alias("always infinite"),
        pl.lit(float("nan")).alias("never a number"),
        pl.format("name {}", pl.int_range(pl.len())).alias("names"),
        *(make(height).alias(f"column of {name}") for name, make in TYPES.items()),
    )


def strange(frame):
    """What the rows of training had not: other texts, gaps, infinities and numbers far away."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    numbers = [name for name, dtype in frame.schema.items() if dtype.is_numeric()]
    row = pl.int_range(pl.len())
    return frame.with_columns(
        *(pl.when(row % 3 > 0).then(pl.lit("never seen")).alias(name) for name in texts),
        *((extremes if at % 2 else huge)(name, frame.schema[name]).alias(name) for at, name in enumerate(numbers)),
    )


def more_columns_than_rows(frame):
    few = frame.gather_every(4)
    row, column = np.arange(few.height)[:, None], np.arange(60)
    return few.hstack(pl.DataFrame(row * (7 + column) % 13 / 3, schema=[f"number {i}" for i in range(60)]))


def without_values(frame):
    return frame.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in frame.schema.items())


def label_of(learner):
    return LABELS.get(task_of(learner))


def task_of(learner):
    return untrained(learner).task


def untrained(learner):
    use = example(learner)
    far = {"radius": 50.0} if learner.param("radius") else {}  # rows of messy columns are further apart than those of the example
    return only(learner.id, use.settings | far, **use.inputs)


def trained(learner, frame, store):  # noqa: F811
    one, label = untrained(learner), label_of(learner)
    trainer = MODULES[TRAINERS.get(one.task, "training.train_model")]
    found = answer(trainer, Use({"label": label} if label else {}, {"untrained": [one], "table": [Table(frame)]}), store)
    return found and found["model"]


def features(change, learner, frame=None):
    """The cars with other feature columns; the label stays."""
    label, frame = label_of(learner), cars().frame if frame is None else frame
    made = change(frame.drop(label) if label else frame)
    return made.with_columns(frame[label]) if label else made


def scored_and_evaluated(model, frame, store):  # noqa: F811
    found = answer(SCORE, Use({}, {"model": [model], "table": [Table(frame)]}), store)
    if found is None:
        return None
    table = found["table"]
    answer(EVALUATE, Use({}, {"scored": [table]}), store)
    return table


@every_learner
@pytest.mark.slow
def test_it_learns_from_a_messy_table(learner, store):  # noqa: F811
    frame = features(messy, learner)
    model = trained(learner, frame, store)
    if model is None:  # a library that computes in 32 bits refuses the largest numbers
        frame = frame.with_columns(pl.col("curb-weight").clip(-1e30, 1e30))
        model = trained(learner, frame, store)
    assert model is not None, "there are columns to learn from"
    table = scored_and_evaluated(model, frame, store)
    for name in table.columns_with("score"):
        values = table.frame[name]
        assert not values.dtype.is_float() or values.is_finite().all(), f"{name} is a number in each row"
    scored_and_evaluated(model, features(strange, learner, frame), store)


@every_learner
def test_it_answers_for_more_columns_than_rows(learner, store):  # noqa: F811
    frame = more_columns_than_rows(cars().frame)
    if model := trained(learner, frame, store):
        scored_and_evaluated(model, frame, store)


def test_trees_learn_from_ten_thousand_categories(store):  # noqa: F811
    learner = MODULES["regression.boosted_trees"]
    frame = many_categories(cars().frame, ["make", "fuel-type"])
    model = trained(learner, frame, store)
    assert model is not None and frame["make"].n_unique() == CATEGORIES
    assert scored_and_evaluated(model, frame, store).frame["Scored Labels"].is_finite().all()


@every_learner
@pytest.mark.parametrize("rows", [2, 3])
def test_it_answers_for_few_rows(learner, rows, store):  # noqa: F811
    frame = cars().frame.sort("diesel", "price")[[0, -1, 30][:rows]]
    if model := trained(learner, frame, store):
        scored_and_evaluated(model, frame, store)


@every_learner
def test_it_refuses_features_without_values(learner, store):  # noqa: F811
    assert trained(learner, features(without_values, learner), store) is None


LABELLED = [learner for learner in LEARNERS if label_of(learner)]
CHANGED = {
    "all missing": lambda label: pl.lit(None, label.dtype),
    "one value": lambda label: pl.lit(label.drop_nulls()[0]),
    "another value in each row": lambda label: pl.format("class {}", pl.int_range(pl.len())),
    "one row of a class": lambda label: pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(label.max())).otherwise(pl.lit(label.min())),
    "lists": lambda label: pl.concat_list(pl.int_range(pl.len())),
    "durations": lambda label: pl.duration(hours=pl.int_range(pl.len()) % 2),
}


@pytest.mark.parametrize("change", CHANGED)
@pytest.mark.parametrize("learner", LABELLED, ids=lambda module: module.id)
def test_it_answers_for_a_label(learner, change, store):  # noqa: F811
    label = label_of(learner)
    frame = cars().frame.select("horsepower", "length", "make", label).gather_every(4)
    model = trained(learner, frame.with_columns(CHANGED[change](frame[label]).alias(label)), store)
    assert model is None or change not in ("all missing", "lists")


@pytest.mark.parametrize("learner", LABELLED, ids=lambda module: module.id)
def test_a_label_that_training_had_not_is_judged_or_refused(learner, store):  # noqa: F811
    label = label_of(learner)
    frame = cars().frame.select("horsepower", "length", "make", label)
    other = frame.with_columns(
        pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.lit("new")).otherwise(pl.col(label).cast(pl.String)).alias(label)
    )
    scored_and_evaluated(trained(learner, frame, store), other, store)
