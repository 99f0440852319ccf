"""Enter Data Manually."""

from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from unittest.mock import Mock

import numpy as np
import polars as pl
import pytest
from scipy.io import arff
from sklearn.datasets import dump_svmlight_file, load_svmlight_file

from pipelines.catalogue.ports import ColumnRole
from pipelines.catalogue.reporting import reporting_to
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only


def enter(text, **settings):
    return only("data.enter_data", {"text": text, **settings}).frame


def test_values_are_recognised():
    frame = enter("name,n,x,day,ok\nBern,1,0.5,2024-12-31,true\nLyon,2,,2025-01-01,false\n\n")
    assert frame.schema == {"name": pl.String, "n": pl.Int64, "x": pl.Float64, "day": pl.Date, "ok": pl.Boolean}
    assert frame.row(1) == ("Lyon", 2, None, date(2025, 1, 1), False)


def test_tabs_and_no_header():
    assert enter("a\t1\nb\t2", format="tsv", header=False).to_dict(as_series=False) == {"Col1": ["a", "b"], "Col2": [1, 2]}


def test_a_quoted_value_may_hold_the_separator_and_lines():
    assert enter('name,n\n"Bern, city",1\n"two\nlines",2').to_dict(as_series=False) == {"name": ["Bern, city", "two\nlines"], "n": [1, 2]}


def test_a_type_is_judged_by_all_rows():
    assert enter("n\n" + "1\n" * 500 + "x\n")["n"].dtype == pl.String


def test_a_line_that_is_too_long_is_named():
    wrong = refuses("data.enter_data", {"text": "a,b\n1,2\n1,2,3"}, "unreadable_text")
    assert "Line 3" in wrong.words and wrong.param == "text"


@pytest.mark.parametrize("text", ["\n\n", "  \n"])
def test_nothing_entered(text):
    with pytest.raises(ValueError, match="needs a value"):
        enter(text)


def test_no_value_is_dropped_in_silence():
    refuses("data.enter_data", {"text": "a,b\n1,2,3"}, "unreadable_text")
    assert enter("a,b\n1\n2,3").rows() == [(1, None), (2, 3)]


def test_missing_words_and_dates_are_read_as_in_uploads():
    frame = enter("n,t,d,doubt\n1,NA,25/12/2024,03/04/2024\nNA,b,03/04/2024,05/06/2024")
    assert frame.rows() == [(1, "NA", date(2024, 12, 25), "03/04/2024"), (None, "b", date(2024, 4, 3), "05/06/2024")]


def test_what_was_taken_for_what_is_in_the_log():
    heard = []

    class Listener:
        def progress(self, done, total, words): ...

        def log(self, line, level):
            heard.append(line)

    with reporting_to(Listener()):
        enter("n,d\n1,03/04/2024\nNA,05/06/2024")
    assert "Column “n”: 1 × “NA” was read as missing." in heard
    assert any("can be read day first or month first" in line for line in heard)


def test_columns_of_one_name_are_told():
    listener = Mock()
    with reporting_to(listener):
        assert enter("a,b,a,a\n1,2,3,4").columns == ["a", "b", "a_duplicated_0", "a_duplicated_1"]
    listener.log.assert_called_once_with("Several columns are named “a”; the later ones are named “a_duplicated_0” and so on.", "warning")


# ARFF

WEATHER = """% a comment
@RELATION weather
@attribute outlook {sunny, 'light rain', "it''s odd"}
@attribute 'wind speed' REAL
@attribute people integer
@attribute note string
@attribute day date "yyyy-MM-dd"
@attribute at date
@attribute zoned date "dd/MM/yyyy HH:mm:ss Z"
@data
sunny, 1.5, 3, 'it\\'s, \\"fine\\"', 2024-12-31, 2024-12-31T23:59:58, '31/12/2024 23:00:00 +0200'
'light rain', ?, ?, ?, ?, ?, ?   % nothing known
"it''s odd",\t-1e3, 4.0, "?", "1900-01-01", '1969-12-31T00:00:00', '01/01/2025 00:00:00 -0500'

{1 2.5, 3 'späť'}
{}
"""


def test_arff_has_the_types_of_its_header():
    table = only("data.enter_data", {"text": WEATHER.replace("\\t", "\t"), "format": "arff"})
    assert table.frame.to_dicts() == [
        {
            "outlook": "sunny", "wind speed": 1.5, "people": 3, "note": "it's, \"fine\"", "day": date(2024, 12, 31),
            "at": datetime(2024, 12, 31, 23, 59, 58), "zoned": datetime(2024, 12, 31, 21, tzinfo=UTC),
        },
        {"outlook": "light rain", **dict.fromkeys(table.frame.columns[1:])},
        {
            "outlook": "it''s odd", "wind speed": -1000.0, "people": 4, "note": "?", "day": date(1900, 1, 1),
            "at": datetime(1969, 12, 31), "zoned": datetime(2025, 1, 1, 5, tzinfo=UTC),
        },
        {"outlook": "sunny", "wind speed": 2.5, "people": 0, "note": "späť", "day": None, "at": None, "zoned": None},
        {"outlook": "sunny", "wind speed": 0.0, "people": 0, "note": None, "day": None, "at": None, "zoned": None},
    ]  # fmt: skip
    assert table.roles == {"outlook": ColumnRole(categorical=True)}


def test_arff_is_read_as_by_scipy():
    cars = dataset("automobile_price").frame.select("make", "fuel-type", "bore", "horsepower", "price")
    texts, numbers = cars.columns[:2], cars.columns[2:]
    levels = [f"@attribute {name} {{{','.join(cars[name].unique(maintain_order=True))}}}" for name in texts]
    rows = [",".join("?" if value is None else str(value) for value in row) for row in cars.iter_rows()]
    text = "\n".join(["@relation cars", *levels, *(f"@attribute {name} numeric" for name in numbers), "@data", *rows])
    mine, theirs = enter(text, format="arff"), arff.loadarff(StringIO(text))[0]
    assert all(mine[name].to_list() == [value.decode() for value in theirs[name]] for name in texts)
    for name in numbers:
        np.testing.assert_array_equal(mine[name].fill_null(float("nan")).to_numpy(), theirs[name])


HEAD = "@relation r\n@attribute a numeric\n@attribute b {x,y}\n@attribute d date yyyy\n@data\n"


@pytest.mark.parametrize(
    ("text", "words", "column"),
    [
        (HEAD + "1,x,2024\n2,z,2024", "Line 7, column “b”: “z” is not one of “x”, “y”.", "b"),
        (HEAD + "one,x,2024", "Line 6, column “a”: “one” is not a number.", "a"),
        (HEAD + "1_0,x,2024", "Line 6, column “a”: “1_0” is not a number.", "a"),
        (HEAD + "1,x,soon", "Line 6, column “d”: “soon” is not a date such as yyyy.", "d"),
        (HEAD + "1,x", "Line 6: 2 values, but there are 3 attributes.", None),
        (HEAD + "1,x,2024,", "Line 6: 4 values, but there are 3 attributes.", None),
        (HEAD + "1,'x,2024", "Line 6: “'x,2024” does not follow a comma; put values with spaces, commas or quotes in quotes.", None),
        (HEAD + "{3 1}", "Line 6: “3 1” does not start with the place of an attribute (0 to 2).", None),
        (HEAD + "{0 1", "Line 6: a sparse row ends with }, and nothing follows it.", None),
        ("@attribute i integer\n@data\n1.5", "Line 3, column “i”: “1.5” is not a whole number.", "i"),
        ("@attribute i integer\n@data\n99999999999999999999", "Line 3, column “i”: “99999999999999999999” is not a whole number.", "i"),
        ("@attribute a relational", "Line 1, column “a”: the type “relational” is not supported; use numeric, integer, string, date or {a, b}.", "a"),
        ("@attribute a date yyyy-ww", "Line 1, column “a”: the date format “yyyy-ww” has “ww”, which is not supported.", "a"),
        ("@attribute a real\n@attribute a real", "Line 2, column “a”: the second attribute is named “a”.", "a"),
        ("@data\n1", "Line 1: @data without an @attribute before it.", None),
        ("@attribute a", "Line 1: @attribute needs a name and a type.", None),
        ("a,b\n1,2", "Line 1: “a,b” is neither @relation, @attribute nor @data.", None),
        ("@relation r", "The text has no line @data.", None),
    ],
)  # fmt: skip
def test_wrong_arff_is_named_by_line_and_column(text, words, column):
    wrong = refuses("data.enter_data", {"text": text, "format": "arff"}, "unreadable_text")
    assert (wrong.words, wrong.column, wrong.param) == (words, column, "text")


def test_arff_without_rows_has_its_columns():
    assert enter(HEAD, format="arff").schema == {"a": pl.Float64, "b": pl.String, "d": pl.Date}


# SVMLight


@pytest.mark.parametrize("zero_based", [True, False])
def test_svmlight_is_read_as_by_scikit_learn(zero_based):
    random = np.random.default_rng(0)
    matrix = np.where(random.random((40, 7)) < 0.5, 0, random.normal(size=(40, 7)))
    matrix[0] = 1.0
    kept = BytesIO()
    dump_svmlight_file(matrix, random.integers(0, 3, 40), kept, zero_based=zero_based, query_id=np.arange(40) // 4, comment="made up")
    theirs, labels, queries = load_svmlight_file(BytesIO(kept.getvalue()), query_id=True)
    table = only("data.enter_data", {"text": kept.getvalue().decode(), "format": "svmlight"})
    assert table.frame.columns == [*(f"Col{place + 1}" for place in range(7)), "Query", "Labels"]
    np.testing.assert_array_equal(table.frame.select(pl.nth(range(7))).to_numpy(), theirs.toarray())
    assert table.frame["Labels"].to_list() == labels.tolist() and table.frame["Labels"].dtype == pl.Int64
    assert table.frame["Query"].to_list() == queries.tolist()
    assert table.roles == {"Labels": ColumnRole("label"), "Query": ColumnRole("ignored")}


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("1 1:2\n1 2:x", "unreadable_text", "Line 2: the value of the feature 2 “x” is not a number."),
        ("a 1:2", "unreadable_text", "Line 1: the label “a” is not a number."),
        ("1,2 1:2", "unreadable_text", "Line 1: the label “1,2” is not a number; several labels for a row are not supported."),
        ("# c\n1 x:2", "unreadable_text", "Line 2: “x:2” is not a feature, such as 3:0.5."),
        ("1 2:1 1:1", "unreadable_text", "Line 1: the places of the features do not increase."),
        ("1 qid:x 1:1", "unreadable_text", "Line 1: “qid:x” is not a query, such as qid:1."),
        ("# nothing", "unreadable_text", "The text has only comments."),
        (
            "1 999999999:1",
            "too_many_columns",
            "1 rows with places of features up to 999,999,999 are more than 10,000 columns or 10,000,000 cells.",
        ),
    ],
)
def test_wrong_svmlight_is_named_by_its_line(text, code, words):
    assert refuses("data.enter_data", {"text": text, "format": "svmlight"}, code).words == words


def test_labels_without_features():
    assert enter("0.5\n1", format="svmlight").to_dict(as_series=False) == {"Labels": [0.5, 1.0]}
    assert enter("nan\n1", format="svmlight")["Labels"].dtype == pl.Float64
