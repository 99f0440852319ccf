"""Text Operations."""

import re
import unicodedata
from datetime import date, timedelta

import polars as pl
import pytest

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only


def texts(table, **settings):
    return only("transform.text_operations", settings, table=table).frame


def of(*values, **settings):
    """What becomes of some texts."""
    return texts(pl.DataFrame({"t": values}, schema={"t": pl.String}), output="in_place", **settings)["t"].to_list()


def titles():
    """Titles and artists of works of art: accents, brackets, many lengths."""
    return dataset("artworks").frame.select("title", "artist").head(3000)


@pytest.mark.parametrize(
    ("settings", "plain"),
    [
        ({"operation": "trim"}, str.strip),
        ({"operation": "squeeze"}, lambda text: " ".join(text.split())),
        ({"operation": "lower"}, str.lower),
        ({"operation": "upper"}, str.upper),
        ({"operation": "length"}, len),
        ({"operation": "part", "first": 3, "characters": 5}, lambda text: text[2:7]),
        (
            {"operation": "part", "first": -4, "characters": 3},
            lambda text: text[-4:][:3] if len(text) >= 4 else text[: max(0, len(text) - 1)],
        ),
        ({"operation": "pad", "characters": 30, "fill": "·"}, lambda text: text.rjust(30, "·")),
        ({"operation": "pad", "characters": 30, "fill": "·", "side": "end"}, lambda text: text.ljust(30, "·")),
        ({"operation": "contains", "pattern": "("}, lambda text: "(" in text),
        ({"operation": "contains", "pattern": "THE", "match_case": False}, lambda text: "the" in text.lower()),
        ({"operation": "contains", "pattern": "^[A-C]", "regular_expression": True}, lambda text: bool(re.search("^[A-C]", text))),
        ({"operation": "count", "pattern": "e"}, lambda text: text.count("e")),
        ({"operation": "count", "pattern": "[aeiou]+", "regular_expression": True}, lambda text: len(re.findall("[aeiou]+", text))),
        ({"operation": "replace", "pattern": ".", "replacement": "$1"}, lambda text: text.replace(".", "$1")),
        (
            {"operation": "replace", "pattern": r"(\w+) (\w+)", "regular_expression": True, "replacement": "$2 $1"},
            lambda text: re.sub(r"(\w+) (\w+)", r"\2 \1", text),
        ),
        (
            {"operation": "replace", "pattern": "OF (", "match_case": False, "replacement": "$x"},
            lambda text: re.sub(r"of \(", "$x", text, flags=re.I),
        ),
        (
            {"operation": "extract", "pattern": r"\(([^)]*)\)", "group": 1},
            lambda text: found[1] if (found := re.search(r"\(([^)]*)\)", text)) else None,
        ),
        ({"operation": "extract", "pattern": r"[0-9]+"}, lambda text: found[0] if (found := re.search(r"[0-9]+", text)) else None),
        (
            {"operation": "plain"},
            lambda text: unicodedata.normalize(
                "NFC", "".join(sign for sign in unicodedata.normalize("NFD", text) if unicodedata.category(sign) != "Mn")
            ),
        ),
    ],
    ids=lambda value: value["operation"] if isinstance(value, dict) else "",
)
def test_results_are_those_of_python(settings, plain):
    frame = titles()
    result = texts(frame, **settings)
    for column in frame.columns:
        wanted = [None if text is None else plain(text) for text in frame[column]]
        assert result[f"{column}_{settings['operation']}"].to_list() == wanted
    assert result.select(frame.columns).equals(frame)


@pytest.mark.parametrize("parts", [2, 4])
def test_a_split_is_that_of_python_and_the_rest_comes_last(parts):
    frame = titles()
    result = texts(frame, operation="split", separator=" ", parts=parts, columns=["title"], output="only")
    for row, text in zip(result.rows(), frame["title"], strict=True):
        wanted = [] if text is None else text.split(" ", parts - 1)
        assert row == (*wanted, *[None] * (parts - len(wanted)))


def test_a_split_in_place_stands_where_the_column_was():
    frame = pl.DataFrame({"a": [1], "t": ["x,y"], "b": [2]})
    assert texts(frame, operation="split", separator=",", output="in_place").row(0, named=True) == {"a": 1, "t_1": "x", "t_2": "y", "b": 2}


def test_title_case():
    assert of("o'neil von-der ÄSCH", None, operation="title") == ["O'Neil Von-Der Äsch", None]


def test_texts_outside_of_ascii():
    assert of("  ñandú ", " 東京\t", "👩‍🚀", operation="trim") == ["ñandú", "東京", "👩‍🚀"]
    assert of("ñandú", "東京", "", operation="length") == [5, 2, 0]
    assert of("Ångström", "Zürich", operation="plain") == ["Angstrom", "Zurich"]


JOINED = pl.DataFrame({"a": ["x", None, None], "n": [1, 2, None], "d": [1.5, None, None]})


def test_columns_are_joined_in_the_order_of_their_names():
    assert texts(JOINED, operation="join", columns=["n", "a"], separator="-")["joined"].to_list() == ["1-x", "2", None]
    assert texts(JOINED, operation="join", columns=["n", "a"], separator="-", skip_missing=False)["joined"].to_list() == ["1-x", None, None]
    assert texts(JOINED, operation="join", columns=["n", "a"], output="in_place", name=" both ").columns == ["both", "d"]
    times = pl.DataFrame({"d": [date(2024, 1, 2)], "l": [timedelta(hours=3)], "b": [True]})
    assert texts(times, operation="join", columns="all")["joined"].to_list() == ["2024-01-02 PT3H true"]
    assert texts(JOINED, operation="join", columns="all", output="only").columns == ["joined"]


def test_categories_are_texts_and_roles_stay():
    table = Table(pl.DataFrame({"c": pl.Series([" a "], dtype=pl.Categorical), "y": ["b "]}), {"y": ColumnRole("label")})
    result = only("transform.text_operations", {"output": "in_place", "columns": ["c", "y"]}, table=table)
    assert result.frame.row(0) == ("a", "b") and result.role("y").role == "label"
    assert only("transform.text_operations", {}, table=table).frame.columns == ["c", "y", "c_trim"]


def test_tables_without_rows_or_texts():
    assert texts(pl.DataFrame({"x": [1]})).columns == ["x"]
    assert texts(titles().clear(), operation="split").schema == texts(titles(), operation="split").schema
    assert of(None, None, operation="upper") == [None, None]


@pytest.mark.parametrize(
    ("settings", "code", "param"),
    [
        ({"columns": ["x"]}, "not_a_text", "columns"),
        ({"operation": "replace"}, "no_pattern", "pattern"),
        ({"operation": "contains", "pattern": "(", "regular_expression": True}, "bad_pattern", "pattern"),
        ({"operation": "extract", "pattern": "a(b)", "group": 2}, "no_group", "group"),
        ({"operation": "pad", "fill": "ab"}, "wrong_value", "fill"),
        ({"operation": "split", "separator": ""}, "wrong_value", "separator"),
        ({"operation": "part", "first": 0}, "wrong_value", "first"),
        ({"operation": "join", "name": " "}, "wrong_value", "name"),
        ({"operation": "join", "columns": []}, "no_columns", "columns"),
        ({"operation": "join", "columns": ["l"]}, "wrong_type", "columns"),
        ({"columns": ["t"]}, "duplicate_column", None),
    ],
)
def test_refusals(settings, code, param):
    frame = pl.DataFrame({"t": ["a"], "x": [1], "l": [[1]], "t_trim": ["a"]})
    assert refuses("transform.text_operations", settings, code, table=frame).param == param
