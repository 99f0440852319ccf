"""Execute R Script."""

import base64
from datetime import date, datetime, time, timedelta
from unittest.mock import Mock, call

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.catalogue.reporting import reporting_to
from pipelines.modules.script import _r_running
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, run

EXAMPLE = Example({"code": "main <- function() data.frame(a = 1:2, b = c('x', NA))"})
TABLE = pl.DataFrame({"a": [3, 1, 2]})


def script(code, settings=None, **inputs):
    """What a script makes, and what is noted meanwhile."""
    listener = Mock()
    with reporting_to(listener):
        made = run("script.r", {"code": code, **(settings or {})}, **inputs)
    return made, [told.args for told in listener.log.call_args_list]


def refused(code, said, table=TABLE):
    listener = Mock()
    with reporting_to(listener):
        wrong = refuses("script.r", {"code": code}, said, first=table)
    return wrong, [told.args for told in listener.log.call_args_list]


def test_a_script_row_by_row_returns_a_row_for_each():
    code = "main <- function(first) first[first$a > 1, , drop = FALSE]"
    assert script(code, first=Table(TABLE))[0]["first"].frame.height == 2
    wrong = refuses("script.r", {"code": code, "each_row": True}, "not_each_row", first=Table(TABLE))
    assert "of 3 rows it made a table of 2" in wrong.words and wrong.param == "each_row"


# Tables

EVERYTHING = pl.DataFrame(
    {
        "i8": pl.Series([1, None, -128], dtype=pl.Int8),
        "u32": pl.Series([1, None, 2**32 - 1], dtype=pl.UInt32),
        "i64": [1, None, 2**53],
        "beyond": [1, None, 2**53 + 1],
        "smallest": pl.Series([-(2**31), 0, 1], dtype=pl.Int32),  # R's missing value
        "u64": pl.Series([1, None, 2**64 - 1], dtype=pl.UInt64),
        "f32": pl.Series([0.1, None, 2], dtype=pl.Float32),
        "f64": [0.1, None, float("nan")],
        "infinite": [float("inf"), -float("inf"), None],
        "decimal": pl.Series(["1.50", None, "-3.25"]).cast(pl.Decimal(10, 2)),
        "text": ["a\nb\t\"'\\", None, "größe 日本 😀"],
        "empty": ["", None, " "],
        "boolean": [True, None, False],
        "day": [date(1700, 1, 1), None, date(2200, 12, 31)],
        "naive": [datetime(2024, 1, 1, 12, 0, 0, 123457), None, datetime(1969, 12, 31, 23, 59, 59, 999999)],
        "zoned": pl.Series([datetime(2024, 3, 31, 0, 59, 59, 1), None, datetime(2024, 10, 27, 1, 30)], dtype=pl.Datetime("us", "UTC")),
        "zurich": pl.Series([datetime(2024, 3, 31, 0, 59, 59, 1), None, datetime(2024, 10, 27, 1, 30)], dtype=pl.Datetime("us", "UTC"))
        .dt.convert_time_zone("Europe/Zurich"),
        "milliseconds": pl.Series([datetime(2024, 1, 1, 12, 0, 0, 123000), None, datetime(1900, 1, 1)], dtype=pl.Datetime("ms")),
        "time": [time(1, 2, 3, 456789), None, time(23, 59, 59, 999999)],
        "span": [timedelta(seconds=1.5), None, timedelta(days=-3, microseconds=1)],
        "null": [None, None, None],
        "category": pl.Series(["b", None, "a"], dtype=pl.Categorical),
        "enum": pl.Series(["b", None, "a"], dtype=pl.Enum(["z", "b", "a"])),
        "weird näme\"'": [1, 2, 3],
    }
)  # fmt: skip


def test_every_type_goes_to_r_and_back():
    marked = Table(EVERYTHING, {"text": ColumnRole("label"), "empty": ColumnRole(categorical=True)})
    made, notes = script("main <- function(t) { stopifnot(is.factor(t$empty), is.factor(t$enum)); t }", first=marked)
    back = made["first"]
    assert back.frame.schema == EVERYTHING.schema
    for name in EVERYTHING.columns:
        assert back.frame[name].equals(EVERYTHING[name], null_equal=True), name
    assert back.roles == marked.roles
    assert [line for line, _ in notes] == [
        f"“{name}” has whole numbers beyond ±2^53, which R cannot hold exactly; the script gets them as text." for name in ("beyond", "u64")
    ]


def test_what_r_makes_itself():
    code = """main <- function() list(data.frame(
      i = c(1L, NA), x = c(0.5, NaN), t = c("ä", NA), l = c(NA, TRUE), f = factor(c("b", "a"), levels = c("b", "a")),
      d = as.Date(c("2024-02-29", NA)), p = as.POSIXct("2024-07-01 12:00:00.25", tz = "Europe/Zurich"), n = as.POSIXct("2024-07-01 12:00:00"),
      s = as.difftime(c(1, 2), units = "hours")), matrix(1:4, 2, dimnames = list(c("r", "s"), c("V1", "V2"))))"""
    made, notes = script(code)
    frame = made["first"].frame
    assert notes == [("The row names of a table were left out. Keep them with cbind(name = rownames(table), table).", "warning")]
    zurich = pl.Series([datetime(2024, 7, 1, 10, 0, 0, 250000)] * 2, dtype=pl.Datetime("us", "UTC")).dt.convert_time_zone("Europe/Zurich")
    assert frame.drop("x", "p").to_dict(as_series=False) == {
        "i": [1, None],
        "t": ["ä", None],
        "l": [None, True],
        "f": ["b", "a"],
        "d": [date(2024, 2, 29), None],
        "n": [datetime(2024, 7, 1, 12)] * 2,
        "s": [timedelta(hours=1), timedelta(hours=2)],
    }
    assert frame["x"][0] == 0.5 and np.isnan(frame["x"][1])
    assert frame["p"].equals(zurich.alias("p")) and frame["p"].dtype == zurich.dtype
    assert made["first"].role("f").categorical
    assert made["second"].frame.to_dict(as_series=False) == {"V1": [1, 2], "V2": [3, 4]}


def test_three_tables_and_settings():
    code = """main <- function(first, second, third, params) {
      stopifnot(is.null(second), identical(params$names, c("a", "b")), params$deep$x == 0.5, params$text == "it's \\"ä\\"\\\\n", is.null(params$none), params$many == c(1, 2.5),
                identical(names(params$deep), c("x", "")), is.infinite(params$deep[[2]]), is.list(params$empty))
      data.frame(n = first$a + params$plus, m = third$b)
    }"""
    params = 'plus = 10\nnames = ["a", "b"]\ndeep = {"x": 0.5, "": Infinity}\nempty = {}\nmany = [1, 2.5]\nnone = null\ntext = it\'s "ä"\\n\n# a comment'
    made, _ = script(code, {"params": params}, first=TABLE, third=pl.DataFrame({"b": [True, False, None]}))
    assert made["first"].frame.to_dict(as_series=False) == {"n": [13, 11, 12], "m": [True, False, None]}


def test_the_first_table_by_default():
    default = catalogue().modules["script.r"].param("code").default
    assert script(default, first=TABLE)[0]["first"].frame.equals(TABLE)


def test_tables_without_rows_or_columns_and_any_number_of_arguments():
    made, _ = script("main <- function(...) list(...)", first=EVERYTHING.clear(), second=pl.DataFrame())
    assert made["first"].frame.equals(EVERYTHING.clear()) and made["first"].frame.schema == EVERYTHING.schema
    assert made["second"].frame.equals(pl.DataFrame())


def test_what_r_cannot_hold_is_told():
    made, notes = script(
        "main <- function(t) t", first=pl.DataFrame({"a": [1], "list": [[1]], "ns": pl.Series([1], dtype=pl.Datetime("ns"))})
    )
    assert made["first"].frame.columns == ["a", "ns"]
    assert notes == [
        ("“ns” has nanoseconds; R gets microseconds.", "warning"),
        ("R cannot hold the values of “list” (lists, structures or bytes); left out.", "warning"),
    ]
    assert refused("main <- function(t) t", "zero_in_text", pl.DataFrame({"z": ["a\0b"]}))[0].column == "z"


# Truth


def test_lm_and_glm_agree_with_scikit_learn():
    cars = dataset("automobile_price").frame.select("horsepower", "curb-weight", "fuel-type", "price").drop_nulls()
    code = """main <- function(cars) {
      cars$diesel <- as.integer(cars$`fuel-type` == "diesel")
      linear <- lm(price ~ horsepower + `curb-weight` + diesel, cars)
      logistic <- glm(diesel ~ scale(horsepower) + scale(`curb-weight`), binomial, cars, epsilon = 1e-14, maxit = 100)
      list(data.frame(price = fitted(linear), chance = fitted(logistic)), c(coef(linear)["diesel"], r2 = summary(linear)$r.squared))
    }"""
    made, _ = script(code, first=cars)
    known = cars.select("horsepower", "curb-weight", diesel=(pl.col("fuel-type") == "diesel").cast(pl.Float64)).to_numpy()
    linear = LinearRegression().fit(known, cars["price"])
    np.testing.assert_allclose(made["first"].frame["price"], linear.predict(known), rtol=1e-9)
    (figures,) = made["report"].metrics
    assert figures["metrics"] == pytest.approx({"diesel": linear.coef_[2], "r2": linear.score(known, cars["price"])}, rel=1e-9)
    scaled = (known[:, :2] - known[:, :2].mean(0)) / known[:, :2].std(0, ddof=1)
    logistic = LogisticRegression(C=np.inf, tol=1e-12, solver="newton-cholesky").fit(scaled, known[:, 2])
    np.testing.assert_allclose(made["first"].frame["chance"], logistic.predict_proba(scaled)[:, 1], atol=1e-9)


# Prints, plots, seed


def test_prints_are_in_the_log_and_plots_in_the_report():
    code = """main <- function(t) {
      cat("one", 2, "\\n"); message("two"); warning("three"); cat("fünf")
      tryCatch(stop('handled'), error = function(e) plot(t$a, main = "ä")); hist(t$a)
      dev.off(); barplot(t$a)
      list(score = 0.5, other = c(a = 1, b = NA))
    }"""
    listener = Mock()
    with reporting_to(listener):
        made = run("script.r", {"code": code}, first=TABLE)
    said = listener.log.call_args_list
    assert [one for one in said if one.args[1] == "info"] == [call("one 2 ", "info"), call("fünf", "info")]
    assert next(line for line, level in (one.args for one in said) if level == "warning") == "two"
    assert any("three" in one.args[0] for one in said)
    report = made["report"]
    assert [block["type"] for block in report.blocks] == ["figures", "picture", "picture", "picture"]
    images = [base64.b64decode(block["image"].removeprefix("data:image/png;base64,")) for block in report.blocks[1:]]
    assert all(image.startswith(b"\x89PNG") and len(image) > 1000 for image in images) and len(set(images)) == 3
    assert list(report.metrics[0]["metrics"]) == ["score", "a", "b"] and report.metrics[0]["metrics"]["score"] == 0.5
    assert made["first"].frame.width == 0


def test_the_same_seed_gives_the_same_numbers():
    code = "main <- function() { plot(rnorm(5)); data.frame(x = rnorm(3)) }"
    (one, _), (two, _) = script(code, {"seed": 2**32 - 1}), script(code, {"seed": 2**32 - 1})
    assert one["first"].frame.equals(two["first"].frame) and one["report"] == two["report"]


# Errors


def test_an_error_names_the_line_and_the_log_the_way_there():
    wrong, notes = refused("inner <- function(x) {\n  y <- 1\n  x + 'a'\n}\n\nmain <- function(t) {\n  inner(t$a)\n}", "script_failed")
    assert wrong.words == "Line 3: non-numeric argument to binary operator."
    assert notes == [("Line 7: inner(t$a)", "error"), ("Line 3: x + 'a'", "error")]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("main <- function(t) {\n  stop('first\\nsecond')\n}", "Line 2: first."),
        ("main <- function(t) {\n  t +", "Line 3: unexpected end of input."),
        ("f <- function(n) {\n  f(n + 1)\n}\nmain <- function(t) f(1)", "evaluation nested too deeply: infinite recursion"),
    ],
)
def test_errors_are_sentences(code, words):
    assert refused(code, "script_failed")[0].words.startswith(words)


@pytest.mark.parametrize(
    ("code", "said", "words"),
    [
        ("main <- 3", "no_function", "The script does not define a function main."),
        ("main <- function(t) list(t, t, t)", "wrong_return", "main returned 3 data frames."),
        ("main <- function(t) quit(status = 4)", "ended_early", "R ended with the exit code 4 before main returned."),
        ("main <- function(t) { t$z <- I(list(1, 2, 3)); t }", "object_column", "“z” is a column of class AsIs, which a table cannot store."),
        ("main <- function(t) cbind(t, t)", "duplicate_column", "Two columns are named “a”."),
        ("main <- function(t) { t$a <- '\\xff'; t }", "object_column", "“a” is a column whose text is not valid UTF-8, which a table cannot store."),
    ],
)  # fmt: skip
def test_what_main_must_return(code, said, words):
    assert refused(code, said)[0].words == words


def test_want_of_memory_is_not_the_scripts_line():
    with pytest.raises(MemoryError):
        script("main <- function(t) numeric(1e13)", first=TABLE)


def test_without_r_the_module_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(_r_running, "HOMES", ())
    assert "apt-get install r-base-core r-cran-nanoarrow" in refused("main <- 1", "no_r")[0].remedy


def test_a_text_that_r_cannot_hold_is_refused():
    assert refuses("script.r", {"params": 'a = "\\u0000"'}, "bad_params").param == "params"
