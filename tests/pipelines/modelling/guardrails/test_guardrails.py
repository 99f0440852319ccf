"""Every planted fault is named, with its column; clean tables raise no alarm."""

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.ports import Table
from pipelines.modelling.guardrails import Plan, guardrails
from tests.support.module_runner import dataset

PLAN = Plan(folds=5, seconds=60, memory=1024**3)
ROWS = 1_000
CLEAN = [
    ("adult_census_income", "income", "two_class"),
    ("telco_churn", "churn", "two_class"),
    ("credit_risk", "Status", "two_class"),
    ("taxi_tips", "tip", "two_class"),
    ("ames_housing", "Sale_Price", "regression"),
    ("digits", "digit", "multi_class"),
]


def clean(task="two_class", rows=ROWS, seed=0):
    """A table without faults: numbers, categories, and a label that depends on them."""
    draw = np.random.default_rng(seed)
    columns = {
        "income": draw.lognormal(3, 0.4, rows).round(2),
        "age": draw.integers(18, 80, rows),
        "years": draw.normal(10, 3, rows),
        "region": draw.choice(["north", "south", "east", "west"], rows),
        "plan": draw.choice(["a", "b", "c"], rows),
    }
    score = columns["years"] / 3 + (columns["region"] == "north") + draw.normal(0, 1, rows)
    classes = np.digitize(score, np.quantile(score, [0.5] if task == "two_class" else [0.33, 0.66]))
    return pl.DataFrame({**columns, "label": score if task == "regression" else np.array(["low", "middle", "high"])[classes]})


def found(frame, task="two_class", plan=PLAN):
    """The guardrails that did not pass, by id."""
    table = frame if isinstance(frame, Table) else Table(frame)
    return {each.id: each for each in guardrails(table, "label", task, plan) if each.state != "passed"}


DRAW = np.random.default_rng(1)
DAYS = [datetime(2020, 1, 1) + timedelta(days=int(day)) for day in DRAW.integers(0, 900, ROWS)]
WORDS = ["good", "bad", "late", "phone", "screen", "battery", "service", "again", "never", "slow"]
FAULTS = {
    "label_missing": lambda rows: rows.with_columns(label=pl.when(pl.int_range(pl.len()) % 20 != 3).then("label")),
    "label_constant": lambda rows: rows.with_columns(label=pl.lit("yes")),
    "small_class": lambda rows: rows.with_columns(label=pl.when(pl.int_range(pl.len()) < 3).then(pl.lit("rare")).otherwise("label")),
    "imbalance": lambda rows: rows.with_columns(
        label=pl.when(pl.int_range(pl.len()) % 50 == 0).then(pl.lit("yes")).otherwise(pl.lit("no"))
    ),
    "missing_values": lambda rows: rows.with_columns(age=pl.when(pl.int_range(pl.len()) % 3 > 0).then("age")),
    "high_cardinality": lambda rows: rows.with_columns(
        town=pl.Series([f"town {chr(97 + n % 26)}{n % 250}" for n in DRAW.integers(0, 250, ROWS)])
    ),
    "id_columns": lambda rows: rows.with_columns(number=pl.int_range(100, 100 + pl.len())),
    "constant": lambda rows: rows.with_columns(country=pl.lit("DE")),
    "duplicate_rows": lambda rows: pl.concat([rows, rows.head(60)]),
    "leak": lambda rows: rows.with_columns(paid=(pl.col("label") == "low").cast(pl.Float64) * 5 + pl.col("age") / 100),
    "time_order": lambda rows: rows.with_columns(day=pl.Series(DAYS)),
    "repeated_keys": lambda rows: rows.with_columns(patient_id=pl.Series(DRAW.integers(0, 200, ROWS))),
    "text": lambda rows: rows.with_columns(review=pl.Series([" ".join(DRAW.choice(WORDS, 8)) for _ in range(ROWS)])),
    "numbers_as_text": lambda rows: rows.with_columns(price=pl.Series([f"$ {n:,.2f}" for n in DRAW.uniform(900, 9_000, ROWS)])),
    "few_rows": lambda rows: rows.head(45),
}


@pytest.mark.parametrize("id", FAULTS)
def test_a_planted_fault_is_named_with_its_column(id):
    frame = FAULTS[id](clean())
    guardrail = found(frame)[id]
    new = [column for column in frame.columns if column not in clean().columns]
    assert set(new) <= set(guardrail.columns) and guardrail.words.endswith(".") and guardrail.figures


@pytest.mark.parametrize(("task", "seed"), [(task, seed) for task in ("two_class", "multi_class", "regression") for seed in range(5)])
def test_a_clean_table_raises_nothing(task, seed):
    assert not found(clean(task, seed=seed), task)


@pytest.mark.parametrize(("name", "label", "task"), CLEAN)
def test_a_sample_raises_no_alarm(name, label, task):
    table = dataset(name)
    assert [each.id for each in guardrails(table, label, task, PLAN) if each.state == "alerted"] == []


def test_an_extreme_label_is_named():
    frame = clean("regression").with_columns(label=pl.when(pl.int_range(pl.len()) == 7).then(1e6).otherwise("label"))
    assert found(frame, "regression")["extreme_label"].figures == {"rows": 1}


def test_keys_are_found_by_what_they_decide_without_a_name():
    owners = pl.DataFrame({"who": [f"{a}{b}" for a in "abcdefghij" for b in "klmnopqrstuvwxyz"]}).with_columns(
        born=pl.Series(DRAW.integers(1950, 2000, 160)),
        size=pl.Series(DRAW.normal(170, 10, 160)),
        home=pl.Series(DRAW.choice(list("uvw"), 160)),
    )
    rows = clean().with_columns(who=pl.Series(owners["who"].gather(DRAW.integers(0, 160, ROWS)))).join(owners, on="who", how="left")
    assert found(rows)["repeated_keys"].columns == ("who",)


def test_folds_by_groups_or_time_answer_the_alarm():
    by_time = FAULTS["time_order"](clean())
    assert "time_order" not in found(by_time, plan=Plan(split_by="time"))
    assert "repeated_keys" not in found(FAULTS["repeated_keys"](clean()), plan=Plan(split_by="groups"))


def test_a_budget_too_small_says_what_is_needed():
    said = found(clean(), plan=Plan(seconds=0.01))["budget"]
    assert said.state == "alerted" and said.figures["seconds"] > 0.01
    assert "GB" in found(clean(), plan=Plan(memory=1_000))["budget"].words


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame({"label": [], "a": []}),
        pl.DataFrame({"label": ["x"], "a": [1.0]}),
        pl.DataFrame({"label": [None, None, "a"], "a": [None, None, None], "b": [float("nan"), float("inf"), 1.0]}),
        pl.DataFrame({"label": [1, 2, 1, 2] * 20, "l": [[1], [2], [3], [4]] * 20, "t": ["", " ", None, "x"] * 20}),
    ],
    ids=["no rows", "one row", "hardly a value", "lists and blanks"],
)
def test_a_strange_table_is_judged(frame):
    for task in ("two_class", "multi_class", "regression"):
        assert guardrails(Table(frame), "label", task, PLAN)
