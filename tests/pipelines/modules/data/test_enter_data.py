"""Enter Data Manually."""

from datetime import date

import polars as pl
import pytest

from pipelines.catalogue.reporting import reporting_to
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only


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
