"""Formulas over the columns of a row, in SQL: read by polars, kept to what looks at one row at a time."""

from __future__ import annotations

import re

import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table

FUNCTIONS = frozenset(
    "abs ceil ceiling floor round sqrt cbrt exp ln log log2 log10 log1p pow power sign mod div pi degrees radians "
    "sin cos tan cot asin acos atan atan2 coalesce nullif ifnull if greatest least cast try_cast upper lower initcap length char_length "
    "left right substr substring trim ltrim rtrim lpad rpad replace reverse concat concat_ws starts_with ends_with strpos position "
    "regexp_like extract date_part strptime date".split()
)
WORDS = frozenset("and or not in between like ilike is null case when then else end as from".split())  # may stand before a bracket
REFUSED = frozenset("select over current_date current_time current_timestamp localtime localtimestamp columns".split())
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
_WORD = re.compile(r"([A-Za-z_]\w*)\s*(\(?)")


def read_formula(text: str, table: Table, param: str = "formula") -> pl.Expr:
    """The expression that a formula means.

    Args:
        text: The formula, such as `price * quantity` or `"fuel type" = 'gas' and price > 5000`.
        table: The columns it may use; no rows are needed.
        param: The setting it stands in.

    Raises:
        ModuleError: `bad_formula` or `unknown_column`.
    """
    _look_through(text, param)
    try:
        formula = pl.sql_expr(text)
        columns = dict.fromkeys(formula.meta.root_names())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as wrong:
        raise _bad(_first_line(wrong), param) from wrong
    if not isinstance(formula, pl.Expr):
        raise _bad("it is more than one formula", param)
    for column in columns:
        require(column, table, param=param)
    try:
        table.frame.clear().select(formula)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as wrong:
        raise _bad(_first_line(wrong), param) from wrong
    return formula


def _look_through(text: str, param: str) -> None:
    """Refuse what looks at more than one row, at the clock or at other tables; names of columns in quotes may be any."""
    for word, bracket in _WORD.findall(_QUOTED.sub("''", text)):
        if word.lower() in REFUSED or (bracket and word.lower() not in FUNCTIONS | WORDS):
            raise ModuleError(
                "bad_formula",
                f"The formula uses '{word}', which is none of the functions of a single row.",
                param=param,
                remedy="Use functions such as round, coalesce, upper or case when; totals are made by Group and Summarise.",
            )


def _bad(what: str, param: str) -> ModuleError:
    return ModuleError(
        "bad_formula",
        f"The formula cannot be read: {what}.",
        param=param,
        remedy='Write it like price * 1.2 or upper("fuel type"): column names as they are or in double quotes, texts in single quotes.',
    )


def _first_line(wrong: BaseException) -> str:
    return next(iter(str(wrong).splitlines()), "")[:200].rstrip(".")
