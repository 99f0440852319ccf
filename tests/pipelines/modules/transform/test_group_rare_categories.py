"""Group Rare Categories."""

import json
from datetime import timedelta

import polars as pl
import pytest
from sklearn.preprocessing import OneHotEncoder

from pipelines.catalogue.ports import ColumnRole, Table, Transform
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only, run

FRAME = pl.DataFrame({"c": ["a", "a", "a", "b", "b", "c", "d", None], "n": [1, 1, 1, 2, 2, 2, 3, None]})


def grouped(table=FRAME, **settings):
    return only("transform.group_rare_categories", settings, table=table).frame


def test_by_count_share_and_rank():
    assert grouped(least_rows=2)["c"].to_list() == ["a", "a", "a", "b", "b", "Other", "Other", None]
    assert grouped(by="share", least_share=2 / 7)["c"].to_list() == ["a", "a", "a", "b", "b", "Other", "Other", None]
    hundred = pl.DataFrame({"c": ["a"] * 7 + ["b"] * 93})
    assert grouped(hundred, by="share", least_share=0.07)["c"].n_unique() == 2
    assert grouped(by="share", least_share=0.3)["c"].to_list() == ["a", "a", "a", *["Other"] * 4, None]
    assert grouped(by="top", most=3, rest="…")["c"].to_list() == ["a", "a", "a", "b", "b", "c", "…", None]


@pytest.mark.parametrize("least", [1, 3, 20, 500])
def test_what_is_rare_is_what_scikit_learn_calls_infrequent(least):
    frame = dataset("adult_census_income").frame.gather_every(7)
    columns = [name for name, dtype in frame.schema.items() if dtype == pl.String][:6]
    texts = frame.select(pl.col(columns).fill_null("?"))
    state = run("transform.group_rare_categories", {"columns": columns, "least_rows": least}, table=texts)["transform"].state
    encoder = OneHotEncoder(min_frequency=least).fit(texts.to_numpy())
    for column, all_of, rare in zip(columns, encoder.categories_, encoder.infrequent_categories_, strict=True):
        assert state["columns"][column] == sorted({*all_of} - {*(() if rare is None else rare)})


def test_new_values_belong_to_the_rest(notes):
    fitted = run("transform.group_rare_categories", {"least_rows": 2, "columns": ["c"]}, table=FRAME)
    assert notes == ["“c”: 2 categories in 2 rows grouped: “c”, “d”."]
    kept = Transform(**json.loads(json.dumps(vars(fitted["transform"]))))
    assert only("transform.apply_transformation", transform=kept, table=FRAME).frame.equals(fitted["table"].frame)
    new = pl.DataFrame({"c": ["a", "new", None]})
    assert only("transform.apply_transformation", transform=kept, table=new).frame["c"].to_list() == ["a", "Other", None]


def test_numbers_switches_and_categories_become_texts():
    frame = FRAME.select("n", s=pl.col("n") == 1, k=pl.col("c").cast(pl.Categorical))
    result = grouped(frame, columns="all", least_rows=2)
    assert result.schema == dict.fromkeys("nsk", pl.String) == grouped(frame.clear(), columns="all").schema
    assert result.row(6) == ("Other", "false", "Other") and result.row(7) == (None, None, None)


def test_columns_beside_and_roles():
    assert grouped(output="append", columns=["c"]).columns == ["c", "n", "c_grouped"]
    table = Table(FRAME, {"c": ColumnRole("label", categorical=True)})
    assert only("transform.group_rare_categories", {"columns": ["c"]}, table=table).role("c") == ColumnRole("label", categorical=True)
    assert grouped(table)["c"].to_list() == FRAME["c"].to_list()  # a label stays unless it is named


def test_a_category_called_like_the_rest_is_told(notes):
    frame = pl.DataFrame({"c": ["Other"] * 9 + ["a"]})
    assert grouped(frame, least_rows=2)["c"].to_list() == ["Other"] * 10
    assert notes[0] == "“c” already has a category “Other”; the rare ones are added to it."


def test_ten_thousand_categories_and_columns_without_values():
    frame = pl.DataFrame({"c": [f"ñ {place}" for place in range(10_000)], "none": [None] * 10_000}, schema_overrides={"none": pl.String})
    result = grouped(frame, by="top", most=2)
    assert sorted(result["c"].unique()) == ["Other", "ñ 0", "ñ 1"] and result["none"].null_count() == 10_000


def test_lists_are_no_categories():
    assert refuses("transform.group_rare_categories", {"columns": ["l"]}, "wrong_type", table=pl.DataFrame({"l": [[1]]})).column == "l"


def test_durations_are_categories_too():
    frame = pl.DataFrame({"d": [timedelta(1), timedelta(1), timedelta(2)]})
    assert grouped(frame, columns="all", least_rows=2)["d"].to_list() == ["P1D", "P1D", "Other"]
