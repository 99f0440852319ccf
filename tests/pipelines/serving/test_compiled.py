"""Functions of rows: one by one, column by column and on tables, dirty rows get the same values to the last bit, warnings and errors."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.serving.bundle import read_bundle
from pipelines.serving.checking import BadRows
from pipelines.serving.scorer import FEW_ROWS, Scorer
from tests.support.scoring import HOUSES, Trained, houses

DROP = ("drop", ("transform.clean_missing", {"mode": "drop_rows", "columns": ["rooms", "town"]}))
FILL = ("fill", ("transform.clean_missing", {"mode": "mean", "columns": ["rooms"]}))
LINES = [line.split(",") for line in HOUSES.splitlines()[1:]]
LATER = [f"{size}.25,{rooms},{town if at % 7 else ''},{note},{price}" for at, (size, rooms, town, note, price) in enumerate(LINES)]
PRICED = "\n".join(["size,rooms,town,note,price", *LATER])
BIG = "\n".join(["size,rooms,town,note,big", *(f"{line.rsplit(',', 1)[0]},{int(line.rsplit(',', 1)[1]) > 130}" for line in LATER)])
DRAWN = {
    "linear": houses(text=PRICED),
    "dropped": houses(DROP, learner="classification.two_class_logistic_regression", label="big", text=BIG),
    "filled trees": houses(FILL, learner="regression.boosted_trees", text=PRICED),
    "two-class trees": houses(learner="classification.two_class_boosted_trees", label="big", text=BIG),
}
VALUES = [
    0,
    3,
    -2,
    2.5,
    -0.0,
    1e-310,
    7e99,
    1e150,
    -1e308,
    2**53 + 1,
    -(2**63),
    10**400,
    "a",
    "b",
    "c",
    "",
    "12",
    "12.5",
    "ä\u0301🏠",
    "x" * 99,
]
ROW = st.dictionaries(st.sampled_from(["size", "rooms", "town", "note", "id", "größe"]), st.sampled_from([*VALUES, None, True, [], {}]))
HOUSE = {
    "size": st.one_of(st.floats(-300, 300), st.sampled_from([*VALUES[:9], None, 1e101])),
    "rooms": st.one_of(st.none(), st.integers(-9, 300)),
    "town": st.sampled_from(["a", "b", "c", "d", "ß", "", None]),
    "note": st.sampled_from(["", "x", "xxxx", "far"]),
}
RIGHT = st.fixed_dictionaries(HOUSE, optional={"id": st.sampled_from(VALUES)})


@cache
def scorers(name):
    with TemporaryDirectory() as folder:
        bundle = Trained(DRAWN[name], Path(folder)).bundle
    compiled = Scorer.load(bundle)
    assert compiled.mode == "compiled"
    return compiled, Scorer(read_bundle(bundle), compiled=False)


def outcome(scorer, rows, few=FEW_ROWS, on_error="raise"):
    """What comes of rows, with numbers as their bits."""
    with patch("pipelines.serving.scorer.FEW_ROWS", few):
        try:
            answer = scorer.score(rows, on_error)
        except BadRows as wrong:
            return wrong.errors
    columns = {name: [value.hex() if isinstance(value, float) else value for value in values] for name, values in answer.columns.items()}
    said = [line for line in answer.warnings if "with a missing value w" not in line]  # the reasons of left out rows say the same
    return columns, dict(answer.reasons), said


@pytest.mark.parametrize("name", DRAWN)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(rows=st.one_of(st.lists(RIGHT, max_size=40), st.lists(st.one_of(RIGHT, ROW, st.just(5)), max_size=6)))
def test_columns_tables_and_single_rows_give_the_same(name, rows):
    compiled, tables = scorers(name)
    by_column = outcome(compiled, rows, few=0)
    assert by_column == outcome(tables, rows) == outcome(compiled, rows, few=99)
    alone = [outcome(compiled, [row]) for row in rows]
    assert alone == [outcome(compiled, [row], few=0) for row in rows]
    if isinstance(by_column[0], dict):
        assert by_column[0] == {key: [each[0][key][0] for each in alone] for key in by_column[0]}
    answered = outcome(compiled, rows, few=0, on_error="null")
    assert answered == outcome(tables, rows, on_error="null")
    assert answered[1].keys() == {place for place, each in enumerate(alone) if not isinstance(each[0], dict) or each[1]}


def test_many_rows_of_which_none_is_left_have_reasons():
    compiled, _ = scorers("dropped")
    answer = compiled.score([{"size": 50, "rooms": None, "town": "a", "note": "x"}] * 90)
    assert answer.rows == [{"Scored Labels": None, "Scored Probabilities": None}] * 90
    assert {*answer.reasons.values()} == {"“Apply: Clean Missing Data” leaves this row out."} and len(answer.reasons) == 90
