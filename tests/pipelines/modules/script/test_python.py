"""Execute Python Script."""

from datetime import date
from unittest.mock import Mock, call

import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.catalogue.reporting import reporting_to
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import run

EXAMPLE = Example({"code": "import polars as pl\n\ndef main():\n    return pl.DataFrame({'a': [1, 2]})\n"})
TABLE = pl.DataFrame({"a": [3, 1, 2]})


def script(code, settings=None, **inputs):
    made = run("script.python", {"code": code, **(settings or {})}, **inputs)
    return {port: value.frame if isinstance(value, Table) else value for port, value in made.items()}


def refused(code, said):
    listener = Mock()
    with reporting_to(listener):
        wrong = refuses("script.python", {"code": code}, said, first=TABLE)
    assert wrong.param == "code"
    return wrong, [told.args for told in listener.log.call_args_list]


def test_the_first_table_by_default():
    assert script(catalogue().modules["script.python"].param("code").default, first=TABLE)["first"].equals(TABLE)


def test_it_is_code_that_is_run():
    assert catalogue().modules["script.python"].runs_code


@pytest.mark.parametrize("taken", ["first, second, third", "first", "*tables", "first, /, second=None", ""])
def test_main_gets_as_many_tables_as_it_takes(taken):
    given = taken.replace("/, ", "").replace("=None", "").split(", ")[0] or "pl.DataFrame({'a': [3]})"
    made = f"import polars as pl\ndef main({taken}):\n    return {'tables[0]' if '*' in taken else given}.head(1)"
    assert script(made, first=TABLE)["first"].to_dicts() == [{"a": 3}]


def test_two_tables_and_lazy_ones():
    made = script("def main(first, second):\n    return first.lazy().sort('a'), second", first=TABLE, second=pl.DataFrame({"b": [1]}))
    assert made["first"]["a"].to_list() == [1, 2, 3]
    assert made["second"].columns == ["b"]


def test_functions_and_classes_of_a_script_see_each_other():
    code = "import math\ndef double(x):\n    return 2 * x\ndef main(first):\n    return first.with_columns(a=double(math.floor(1.5)))"
    assert script(code, first=TABLE)["first"]["a"].to_list() == [2, 2, 2]


def test_prints_stand_in_the_log():
    listener = Mock()
    with reporting_to(listener):
        script(
            "import sys\ndef main(t):\n    print('one', 2)\n    print('three', file=sys.stderr)\n    print('four', end='')\n    return t",
            first=TABLE,
        )
    assert listener.log.call_args_list == [call("one 2", "info"), call("three", "warning"), call("four", "info")]


def test_roles_go_with_their_columns():
    marked = Table(TABLE, {"a": ColumnRole("label")})
    assert run("script.python", {"code": "def main(t):\n    return t.with_columns(b=1)"}, first=marked)["first"].role("a").role == "label"


def test_what_a_script_does_to_its_tables_is_its_own():
    table = Table(TABLE.clone())
    script(
        "import polars as pl\ndef main(t):\n    t.insert_column(0, pl.Series('b', [0, 0, 0]))\n    t[0, 'a'] = 9\n    return t", first=table
    )
    assert table.frame.equals(TABLE)


def test_an_error_names_the_line_and_the_log_the_way_there():
    wrong, notes = refused("def inner():\n    return 1 / 0\n\ndef main(t):\n    return inner()", "script_failed")
    assert wrong.words == "Line 2: ZeroDivisionError: division by zero."
    assert notes == [("Line 5, in main: return inner()", "error"), ("Line 2, in inner: return 1 / 0", "error")]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("def main(t):\n    raise ValueError('first.\\nsecond')", "Line 2: ValueError: first."),
        ("def main(t):\n    return t +", "Line 2: invalid syntax."),
        ("import nothing_of_that_name", "Line 1: ModuleNotFoundError: No module named 'nothing_of_that_name'."),
        ("import sys\ndef main(t):\n    sys.exit(3)", "Line 3: SystemExit: 3."),
        ("def main(t):\n    return t.select('b')", 'Line 2: ColumnNotFoundError: unable to find column "b"'),
        ("def main(t):\n    raise KeyError", "Line 2: KeyError."),
        ("x = 'a\0b'", "source code string cannot contain null bytes."),
    ],
)
def test_errors_are_sentences(code, words):
    wrong, _ = refused(code, "script_failed")
    assert wrong.words.startswith(words)


@pytest.mark.parametrize(
    ("code", "said", "words"),
    [
        ("main = 3", "no_function", "The script does not define a function main."),
        ("def main(t):\n    pass", "wrong_return", "main returned nothing."),
        ("def main(t):\n    return 1, t", "wrong_return", "main returned a value of type int."),
        ("def main(t):\n    return [t] * 5", "wrong_return", "main returned 5 tables."),
    ],
)
def test_what_main_must_be(code, said, words):
    assert refused(code, said)[0].words == words


def test_want_of_memory_is_not_the_scripts_line():
    with pytest.raises(MemoryError):
        script("def main(t):\n    raise MemoryError", first=TABLE)


# Tables of pandas, series and dicts

MIXED = pl.DataFrame(
    {
        "n": [1, None, 3],
        "x": [0.5, None, 2.0],
        "t": ["a", None, "c"],
        "b": [True, False, True],
        "d": [date(2026, 1, day) for day in (1, 2, 3)],
    }
)
PANDAS = {"tables": "pandas"}


def said(code, settings=None, **inputs):
    """What a script makes, and what is noted meanwhile."""
    listener = Mock()
    with reporting_to(listener):
        made = script(code, settings, **inputs)
    return made, [told.args for told in listener.log.call_args_list]


def test_pandas_gets_and_gives_a_table_as_it_was():
    code = "import pandas as pd\ndef main(t):\n    assert isinstance(t, pd.DataFrame)\n    return t"
    made, notes = said(code, PANDAS, first=MIXED)
    assert made["first"].equals(MIXED, null_equal=True) and made["first"].schema == MIXED.schema
    assert notes == []


def test_roles_survive_pandas():
    marked = Table(TABLE, {"a": ColumnRole("label")})
    made = run("script.python", {"code": "def main(t):\n    return t.assign(b=1)", **PANDAS}, first=marked)
    assert made["first"].role("a").role == "label" and made["first"].frame.columns == ["a", "b"]


def test_an_index_that_says_something_is_left_out_and_this_is_said():
    code = "def main(t):\n    return t.groupby('t').sum(numeric_only=True)"
    made, notes = said(code, PANDAS, first=MIXED)
    assert "t" not in made["first"].columns
    assert notes == [("The pandas index “t” was left out. Call reset_index() to keep it as a column.", "warning")]


def test_a_series_is_a_table_of_one_column_and_a_dict_one_of_several():
    made = script(
        "import pandas as pd\ndef main(t):\n    return pd.Series([1, 2], name='s'), t['a'], {'x': [1, 2], 'y': ('a', 'b')}", first=TABLE
    )
    assert made["first"].to_dict(as_series=False) == {"s": [1, 2]}
    assert made["second"].columns == ["a"]
    assert made["third"].to_dict(as_series=False) == {"x": [1, 2], "y": ["a", "b"]}
    assert made["fourth"].width == 0


@pytest.mark.parametrize(
    "code",
    [
        "import pandas as pd\ndef main(t):\n    return pd.DataFrame({'ok': [1], 'odd': [object()]})",
        "import polars as pl\ndef main(t):\n    return t.head(1).with_columns(odd=pl.Series([object()], dtype=pl.Object))",
        "import pandas as pd\ndef main(t):\n    return pd.DataFrame({'odd': [1, 'one']})",
        "def main(t):\n    return {'ok': [1], 'odd': [1, 'one']}",
    ],
)
def test_a_column_of_objects_is_named(code):
    wrong, _ = refused(code, "object_column")
    assert wrong.column == "odd" and wrong.words.startswith("Column “odd” contains Python objects")


def test_columns_of_several_lengths_and_names_are_refused():
    assert "“a” 1, “b” 2" in refused("def main(t):\n    return {'a': [1], 'b': [1, 2]}", "wrong_return")[0].words
    twice = "import pandas as pd\ndef main(t):\n    return pd.DataFrame([[1, 2]], columns=['a', 'a'])"
    assert refused(twice, "duplicate_column")[0].column == "a"


def test_a_role_that_is_lost_is_said():
    marked = Table(MIXED, {"b": ColumnRole("label"), "x": ColumnRole("weight")})
    _, notes = said("def main(t):\n    return t.select('n', 'b')", first=marked)
    assert notes == [("Column “x” is not in a returned table, so its role (weight) is lost.", "warning")]


def test_a_script_that_computes_each_row_by_itself_returns_a_row_for_each():
    assert script("def main(first):\n    return first, first * 2", {"each_row": True}, first=TABLE)["second"].height == 3
    wrong = refuses("script.python", {"code": "def main(first):\n    return first[:2]", "each_row": True}, "not_each_row", first=TABLE)
    assert "of 3 rows it made a table of 2" in wrong.words and wrong.param == "each_row"


# What is shown
