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
    "missing_codes": lambda rows: rows.with_columns(visits=pl.Series(np.where(DRAW.random(ROWS) < 0.2, -999, DRAW.integers(0, 9, ROWS)))),
    "unsupported": lambda rows: rows.with_columns(tags=pl.Series([["a", "b"]] * ROWS)),
    "similar_classes": lambda rows: rows.with_columns(
        label=pl.when(pl.int_range(pl.len()) % 4 == 0).then(pl.lit(" Low")).otherwise("label")
    ),
}


@pytest.mark.parametrize("id", FAULTS)
def test_a_planted_fault_is_named_with_its_column(id):
    frame = FAULTS[id](clean())
    guardrail = found(frame)[id]
    new = [column for column in frame.columns if column not in clean().columns]
    assert set(new) <= set(guardrail.columns) and guardrail.words.endswith(".") and guardrail.figures


def new(name, values):
    return lambda rows: rows.with_columns(pl.Series(name, values))


NUMBERS, TWO, LOW = DRAW.normal(size=ROWS), DRAW.random(ROWS) < 0.3, (clean()["label"] == "low").to_numpy()
DATES = [f"{day:%d.%m.%Y}" for day in DAYS]
NAMES = [f"{a}{b}" for a in ("An", "Be", "Cla", "Do", "E") for b in ("na", "rnd", "ra", "mil", "lf", "ga", "ri", "lo")]
OTHER_WAYS = [
    ("label_missing", lambda rows: rows.with_columns(label=pl.when(pl.int_range(pl.len()) % 20 == 3).then(pl.lit("?")).otherwise("label"))),
    ("missing_values", new("new", np.where(TWO, np.inf, NUMBERS))),
    ("missing_values", new("new", np.where(TWO, np.nan, NUMBERS))),
    ("missing_values", new("new", np.where(TWO, "", DRAW.choice(["x", "y"], ROWS)))),
    ("missing_values", new("new", np.where(TWO, "N/A", DRAW.choice(["x", "y"], ROWS)))),
    ("high_cardinality", new("new", [f"v{chr(97 + n % 26)}{n}" for n in DRAW.integers(0, 900, ROWS)])),
    ("id_columns", new("new", np.arange(ROWS) + 0.0)),
    ("id_columns", new("new", [str(n) for n in DRAW.permutation(ROWS)])),
    ("id_columns", new("customerid", DRAW.choice(10**9, ROWS, replace=False))),
    ("constant", new("new", [float("nan")] * ROWS)),
    ("constant", new("new", [float("inf"), float("-inf")] * (ROWS // 2))),
    ("duplicate_rows", lambda rows: pl.concat([rows, rows.head(60)]).with_row_index("new")),
    ("leak", new("new", np.where(LOW, "c1", "c7"))),
    ("leak", new("new", [datetime(2020, 1, 1) if low else None for low in LOW])),
    ("time_order", new("new", DATES)),
    ("time_order", new("new", [f"{day:%b %d, %Y}" for day in DAYS])),
    ("time_order", new("new", [int(f"{day:%Y%m%d}") for day in DAYS])),
    ("time_order", new("timestamp", [int(day.timestamp()) for day in DAYS])),
    ("repeated_keys", new("client", DRAW.choice(NAMES, ROWS))),
    ("repeated_keys", new("userId", DRAW.integers(0, 60, ROWS) * 7919.0)),
    ("repeated_keys", new("new", [f"C{n}" for n in DRAW.integers(100, 200, ROWS)])),
    ("text", new("new", [" ".join(np.random.default_rng(n).choice(WORDS, 8)) for n in DRAW.integers(0, 300, ROWS)])),
    ("numbers_as_text", new("new", [f"1.{n:03},50 €" for n in DRAW.integers(0, 999, ROWS)])),
    ("numbers_as_text", new("new", [f"{n} kg" for n in DRAW.integers(40, 99, ROWS)])),
    ("few_rows", lambda rows: rows.select("age", "label").head(60)),
]


@pytest.mark.parametrize(("id", "plant"), OTHER_WAYS)
def test_a_fault_planted_in_another_way_is_named_with_its_column(id, plant):
    frame = plant(clean())
    added = {"new", "customerid", "timestamp", "client", "userId"} & {*frame.columns}
    assert id == "duplicate_rows" or added <= set(found(frame)[id].columns)
    assert id in found(frame)


def test_an_order_that_gives_a_number_away_is_a_leak():
    rows = clean("regression").with_columns(new=pl.col("label").rank() + 0.5)
    assert found(rows, "regression")["leak"].columns == ("new",)


def test_what_only_sounds_like_a_key_a_time_or_a_leak_raises_nothing():
    rows = clean().with_columns(
        pl.Series("amount_paid", DRAW.integers(0, 300, ROWS)),
        pl.Series("household_size", DRAW.integers(1, 30, ROWS)),
        pl.Series("account length", DRAW.integers(1, 240, ROWS)),
        pl.Series("idle", DRAW.integers(0, 90, ROWS)),
        pl.Series("year_built", DRAW.integers(1950, 2020, ROWS)),
    )
    assert not found(rows)


def test_a_number_that_tells_one_of_several_classes_apart_is_no_leak():
    rows = clean("multi_class")
    place = rows["label"].replace_strict({"low": 0.0, "middle": 1.0, "high": 2.0}, return_dtype=pl.Float64)
    one = rows.with_columns(size=pl.when(pl.col("label") == "low").then(pl.Series(abs(NUMBERS))).otherwise(pl.Series(10 + abs(NUMBERS))))
    assert "leak" not in found(one, "multi_class")
    assert found(one.with_columns(size=place + pl.Series(NUMBERS) / 20), "multi_class")["leak"].columns == ("size",)
    assert found(one.with_columns(size=pl.col("label") == "low"), "multi_class")["leak"].columns == ("size",)


def test_a_heavy_tail_is_no_mistake_of_the_label():
    rows = clean("regression").with_columns(label=pl.Series(np.exp(1.4 * NUMBERS)))
    assert "extreme_label" not in found(rows, "regression")


def test_rows_to_judge_by_that_are_unlike_the_others_are_named():
    rows, later = clean(), clean(seed=1)
    assert [each.state for each in guardrails(Table(rows), "label", "two_class", PLAN, Table(later)) if each.id == "drift"] == ["passed"]
    moved = later.with_columns(pl.col("age") + 30, pl.lit("east").alias("region"))
    drift = next(each for each in guardrails(Table(rows), "label", "two_class", PLAN, Table(moved)) if each.id == "drift")
    assert drift.state == "alerted" and drift.columns == ("age", "region")


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


def test_columns_may_be_called_as_counts_are():
    rows = clean()
    assert found(rows.rename({"region": "rows", "plan": "share"})).keys() == found(rows).keys()
    judged = guardrails(Table(rows.rename({"label": "rows"})), "rows", "two_class", PLAN)
    assert {each.id for each in judged if each.state != "passed"} == found(rows).keys()
