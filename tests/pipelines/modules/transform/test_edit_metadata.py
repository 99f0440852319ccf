"""Edit Metadata."""

from datetime import date, datetime

import polars as pl
import pytest

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only


def edit(values, **settings):
    table = values if isinstance(values, Table) else Table(pl.DataFrame({"x": values}))
    return only("transform.edit_metadata", settings, table=table)


@pytest.mark.parametrize(
    ("values", "type", "expected"),
    [
        ([1, None], "text", ["1", None]),
        ([" 1 ", "2.0", None], "integer", [1, 2, None]),
        ([1.0, 2.0], "integer", [1, 2]),
        ([True, False], "integer", [1, 0]),
        (["1.5", "-2e3"], "number", [1.5, -2000.0]),
        ([1, 2], "number", [1.0, 2.0]),
        (["Yes", "no", "TRUE", "0"], "boolean", [True, False, True, False]),
        ([1, 0, None], "boolean", [True, False, None]),
        (
            ["2024-02-29", "2024-02-29 13:05", "29.02.2024"],
            "datetime",
            [datetime(2024, 2, 29), datetime(2024, 2, 29, 13, 5), datetime(2024, 2, 29)],
        ),
        ([date(2024, 2, 29)], "datetime", [datetime(2024, 2, 29)]),
        ([date(2024, 2, 29)], "text", ["2024-02-29"]),
    ],
)
def test_types(values, type, expected):
    assert edit(values, type=type).frame["x"].to_list() == expected


def test_a_format_reads_and_writes_dates():
    read = edit(["29/02/2024 07:05"], type="datetime", datetime_format="%d/%m/%Y %H:%M")
    assert read.frame["x"].to_list() == [datetime(2024, 2, 29, 7, 5)]
    assert edit(read, type="text", datetime_format="%H:%M").frame["x"].to_list() == ["07:05"]


@pytest.mark.parametrize(
    ("values", "type"),
    [
        (["1", "one"], "integer"),
        ([1.5], "integer"),
        (["maybe"], "boolean"),
        (["31.02.2024"], "datetime"),
        ([1], "datetime"),
        ([date(2024, 1, 1)], "number"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_or_missing(values, type):
    wrong = refuses("transform.edit_metadata", {"type": type}, "unreadable_value", table=pl.DataFrame({"x": values}))
    assert f"row {len(values)}" in wrong.words and wrong.column == "x"
    assert edit(values, type=type, unreadable="missing").frame["x"][-1] is None


def test_roles_and_categories():
    table = edit(edit([1, 2], role="label"), categorical="categorical")
    assert table.role("x") == ColumnRole("label", categorical=True)
    assert edit(table, categorical="not_categorical", role="feature").role("x") == ColumnRole()


def test_a_category_type_becomes_text_when_it_is_none():
    table = edit(Table(pl.DataFrame({"x": pl.Series(["a"], dtype=pl.Categorical)})), categorical="not_categorical")
    assert table.frame["x"].dtype == pl.String and not table.is_categorical("x")


def test_new_names_take_roles_along_and_follow_the_order_of_naming():
    table = Table(pl.DataFrame({"a": [1], "b": [2]}), {"a": ColumnRole("label")})
    renamed = edit(table, columns=["b", "a"], new_names="second, first")
    assert renamed.frame.columns == ["first", "second"] and renamed.role("first").role == "label"


def test_names_may_be_swapped():
    assert edit(Table(pl.DataFrame({"a": [1], "b": [2]})), new_names="b,a").frame.to_dict(as_series=False) == {"b": [1], "a": [2]}


def test_a_name_in_quotes_may_have_a_comma():
    table = Table(pl.DataFrame({"a": [1], "b": [2], "c": [3]}))
    assert edit(table, new_names='"Height, cm", weight, "say ""x"""').frame.columns == ["Height, cm", "weight", 'say "x"']


@pytest.mark.parametrize(("names", "code"), [("one", "wrong_number_of_names"), ("c,c", "duplicate_column")])
def test_names_that_do_not_fit(names, code):
    refuses("transform.edit_metadata", {"new_names": names}, code, table=pl.DataFrame({"a": [1], "b": [2]}))


def test_a_new_name_that_is_taken():
    refuses("transform.edit_metadata", {"columns": ["a"], "new_names": "b"}, "duplicate_column", table=pl.DataFrame({"a": [1], "b": [2]}))


@pytest.mark.parametrize("unreadable", ["stop", "missing"])
@pytest.mark.parametrize("form", ["%", "%Q", "%Y-%Q"])
@pytest.mark.parametrize(("type", "values"), [("text", [date(2024, 1, 1)]), ("datetime", ["2024-01-01"])])
def test_a_form_that_no_date_has_is_told_at_its_setting(form, unreadable, type, values):
    settings = {"type": type, "datetime_format": form, "unreadable": unreadable}
    assert refuses("transform.edit_metadata", settings, "bad_format", table=pl.DataFrame({"a": values})).param == "datetime_format"


@pytest.mark.parametrize(
    ("values", "days", "said"),
    [
        (["03/04/2024", "12/25/2024"], [(3, 4), (12, 25)], None),
        (["03/04/2024", "25/12/2024"], [(4, 3), (12, 25)], None),
        (["03/04/2024", "03/03/2024"], [(3, 4), (3, 3)], "month first"),
        (["03/03/2024"], [(3, 3)], None),
        (["03/04/2024", "12/25/2024", "25/12/2024"], [(3, 4), (12, 25), None], "month first"),
        (["2024-03-04", "25/12/2024"], [(3, 4), (12, 25)], None),
    ],
)
def test_dates_with_slashes_are_read_in_one_way_and_doubts_are_told(values, days, said, notes):
    read = edit(values, type="datetime", unreadable="missing").frame["x"].to_list()
    assert [day and (day.month, day.day) for day in read] == days
    assert [said in note for note in notes if "first" in note and "dates such as 03/04/2024" in note] == ([True] if said else [])


def test_what_becomes_missing_is_told(notes):
    edit(["1", "x", None, "y"], type="number", unreadable="missing")
    assert notes == ["“x”: 2 of 3 values could not be converted to numbers and are now missing; the first is in row 2: “x”."]


@pytest.mark.parametrize("settings", [{"role": "label"}, {"categorical": "categorical"}])
def test_classes_that_look_the_same_are_told(settings, notes):
    edit(["yes", "yes ", "no", "No", "NO"], **settings)
    assert "“NO” and “No” and “no”, “yes” and “yes ”" in notes[0]
    notes.clear()
    edit(["yes", "no", None], **settings)
    assert notes == []
