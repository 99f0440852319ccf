"""A formula means what it means in Apply SQL: by a list of expressions, and by random ones of the kind that Polars computes."""

from datetime import date, datetime, time

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_series_equal

from pipelines.catalogue.errors import ModuleError
from pipelines.modules.transform._query import answer
from tests.support.module_runner import only

TABLE = pl.DataFrame(
    {
        "i": [5, -5, 7, None],
        "j": [2, 3, -4, 1],
        "u": pl.Series([1, 200, 3, None], dtype=pl.UInt8),
        "w": [2.5, -1.5, float("nan"), None],
        "z": [0.5, 0.0, float("inf"), -0.0],
        "k": pl.Series([1.1, 2.5, None, -3.5], dtype=pl.Float32),
        "s": ["Ébc", "x,y,z", "  pad ", None],
        "t": ["a", "A", "", "ß"],
        "g": pl.Series(["red", "blue", None, "red"], dtype=pl.Categorical),
        "b": [True, False, None, True],
        "d": [date(2024, 1, 31), date(2023, 12, 25), None, date(1999, 2, 28)],
        "e": [date(2024, 3, 1), date(2024, 1, 1), date(2000, 1, 1), None],
        "m": [datetime(2024, 1, 31, 13, 5, 59, 250_000), None, datetime(1970, 1, 1), datetime(2100, 12, 31, 23, 59)],
        "n": [datetime(2024, 1, 30), datetime(2024, 1, 1), datetime(1969, 12, 31, 23), None],
        "h": [time(1, 2, 3), None, time(23, 59), time(0)],
        "l": [[1, 2], [], None, [3]],
    }
)
EXPRESSIONS = """
i; -i; +i; i + j; i - j; i * j; i / j; i // j; i % 3; mod(i, 3); i / 3.0; i / 3.0 * 3.0; i / 30000000.0; i * 1.5; i + 0.1; 1.5; 7; .5 + i; i * 3.14159265358979
i * 1.123456789 * 1.123456789 * 1.123456789 * 1.123456789 * 1.123456789; i / 0; 0 / 0.0; z / 0; w / z; w * 2; w + i; k * 2; k * 1.5; k + i; u / 2; u * 1000
i ^ 2; i ** 2; w ^ 2; power(i, -1); power(u, -1); pow(i, 2); sqrt(abs(w)); cbrt(z); exp(z); ln(abs(i)); log(abs(i)); log(2, 8); log2(abs(i)); log10(abs(j))
abs(i); abs(w); ceil(w); ceiling(w); floor(w); round(w); round(w, 1); round(w * 1.005, 2); round(i / 2, 0); round(2.5); round(-2.5); round(i, -1); trunc(w)
sign(w); sign(i); pi(); degrees(z); radians(i); sin(w); cos(w); tan(w); asin(i / 10); acos(i / 10); atan(w); atan2(w, i); cot(w + 1); even(w)
gcd(i, j); lcm(i, j); greatest(i, j); least(i, j); greatest(w, z); bit_count(i); i & 3; i | 8; xor(i, 2); @i; isnan(w); isinf(z); isfinite(w); hash(i) % 10
i = 5; i <> 5; i != j; i < j; i <= 5; i > 2.5; w > 1; w >= z; w = z; w < z; w <> z; i between 0 and 6; w between -2 and 3; i in (5, 7); i not in (5, 7); i is null
i is not null; w is null; not b; b and i > 0; b or i > 0; b and w > 0; i > 0 and not (j > 2); i is distinct from j; b = true; i > 9223372036854775807; u = 200
case when i > 0 then 'up' when i < 0 then 'down' else 'none' end; case i when 5 then 1.5 else 2 end; if(b, 1, 2.5); coalesce(i, j, 0); ifnull(w, 0); nullif(i, 5)
cast(w + 0.1 as varchar); cast(2.5 as int); cast(1.5 as int); cast(-2.5 as int); try_cast(s as int); try_cast(w as int); cast(i as double); i::varchar; b::int; '3'::int + i
i::smallint; '2024-02-30'::varchar; try_cast('2024-02-30' as date); cast(m as date); cast(d as timestamp); d::varchar; m::varchar; '12.50'::decimal(6, 2)
upper(s); lower(s); upper(t); length(s); char_length(s); strlen(s); left(s, 2); right(s, 2); substr(s, 2); substring(s, 2, 2); substring(s, -2); s[2:3]; trim(s); ltrim(s); rtrim(s)
lpad(t, 4, '*'); rpad(t, 4, '*'); replace(s, 'b', 'B'); reverse(s); repeat(t, 3); concat(s, t); concat_ws('-', s, t); s || t; s || i; starts_with(s, 'x'); ends_with(s, 'z'); prefix(s, 'x')
strpos(s, 'b'); strpos(s, 'q'); position('b' in s); instr(s, 'c'); contains(s, 'y'); split_part(s, ',', 2); string_split(s, ',')[1]; len(string_split(s, ',')); ascii(t); chr(65)
unicode(s); md5(t); s like '%y%'; s ilike 'X%'; s not like 'x%'; s glob 'x*'; s similar to 'x.*'; s ~ 'x.*'; regexp_matches(s, '[xyz]'); regexp_replace(s, '[a-c]', '_', 'g')
regexp_extract(s, '([a-z])', 1); translate(s, 'abc', 'xyz'); levenshtein(s, t); format('{}-{}', s, i); printf('%05d', i); s < t; s = 'x,y,z'; t >= 'a'; t <> 'A'; s is null; bar(j, 0, 10)
g; g = 'red'; g || '!'; upper(g); g in ('red', 'blue'); g < 'c'; coalesce(g, 'none'); s collate nocase = 'X,Y,Z'; nullif(t, ''); t between 'A' and 'b'; strip_accents(s)
year(d); month(d); day(d); quarter(d); week(d); dayofweek(d); isodow(d); dayofyear(d); dayname(d); monthname(d); hour(m); minute(m); second(m); millisecond(m); epoch(m); epoch_ms(m)
extract(year from d); extract(epoch from m); extract(dow from d); date_part('month', d); datepart('hour', m); date_trunc('month', d); date_trunc('hour', m); date_diff('day', d, e)
datediff('month', d, e); date_sub('month', d, e); d - date '2024-01-01'; d - e; m - n; m - d; d + 1; d - 1; d + interval 1 month; m + interval '90 minutes'; m - interval 1 day
d > '2024-01-01'; d > date '2024-01-01'; m > timestamp '2000-01-01'; m >= '2000-01-01 00:00:01'; d = e; d < m; d between '2024-01-01' and '2024-12-31'; d in (date '2024-01-31'); age(m, n)
strftime(d, '%d.%m.%Y'); strftime(m, '%H:%M'); strptime('31.01.2024', '%d.%m.%Y'); try_strptime(s, '%Y'); make_date(2024, 1, j + 10); last_day(d); to_days(j); interval 1.5 day
time_bucket(interval '7 days', d); greatest(d, e); coalesce(d, e); hour(h); h > '12:00:00'; h::varchar; make_timestamp(2024, 1, 1, 0, 0, 1.5); julian(d); century(d); era(d); null; 'text'
l[1]; len(l); list_sum(l); list_contains(l, 2); list_transform(l, lambda x: x + 1); array_to_string(l, '-'); [i, j]; {'a': i}.a; 9223372036854775807 - abs(j); -9223372036854775808; 1e3; 1_000.5 + i
"""
ALL = [part.strip() for part in EXPRESSIONS.replace("\n", ";").split(";") if part.strip()]


def by_formula(formula, table=TABLE):
    try:
        return only("transform.derive_column", {"name": "value", "formula": formula}, table=table).frame["value"]
    except ModuleError as wrong:
        return wrong


def by_query(formula, table=TABLE):
    try:
        return answer({"t1": table}, f"select ({formula}) as value from t1")["value"]
    except ModuleError as wrong:
        return wrong


def test_there_are_many_expressions():
    assert len(set(ALL)) == len(ALL) > 250


@pytest.mark.parametrize("formula", ALL)
def test_a_formula_and_a_query_agree(formula):
    one, other = by_formula(formula), by_query(formula)
    assert isinstance(one, pl.Series), one.words
    assert isinstance(other, pl.Series), other.words
    assert_series_equal(one, other, check_exact=True, check_names=False)


NUMBERS = st.sampled_from(["i", "j", "u", "w", "z", "2", "0", "-3", "0.1", "2.5", "1e300", "100000000000000000"])
TEXTS = st.sampled_from(["s", "t", "'a'", "'x,y,z'", "''"])
COMPARED = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])


def _sums(inner):
    return st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner)


def _joined(inner):
    return st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner) | st.builds("(not {})".format, inner)


def _conditions(numbers):
    return (
        st.builds("({} {} {})".format, numbers, COMPARED, numbers)
        | st.builds("({} between {} and {})".format, numbers, numbers, numbers)
        | st.builds("({} {} {})".format, TEXTS, COMPARED, TEXTS)
        | st.builds("({} is null)".format, st.sampled_from(["w", "s", "b"]))
        | st.just("b")
    )


SIMPLE = st.recursive(NUMBERS, _sums, max_leaves=6)
CONDITIONS = st.recursive(_conditions(SIMPLE), _joined, max_leaves=5)
FLOATS = st.one_of(st.none(), st.floats(), st.sampled_from([1.0, -1.0, 0.1, 3.0]))
WHOLE = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.integers(-5, 5))
ROWS = st.lists(st.tuples(WHOLE, WHOLE, st.none() | st.integers(0, 255), FLOATS, FLOATS), min_size=1, max_size=5)
SCHEMA = {"i": pl.Int64, "j": pl.Int64, "u": pl.UInt8, "w": pl.Float64, "z": pl.Float64}


@settings(max_examples=300, deadline=None)
@given(SIMPLE | CONDITIONS, ROWS)
@pytest.mark.slow
def test_random_formulas_agree(formula, rows):
    texts = [None, "a", "x,y,z", "ß", ""]
    table = pl.DataFrame(rows, schema=SCHEMA, orient="row").with_row_index().select(
        *SCHEMA,
        s=pl.col("index").map_elements(lambda row: texts[row % 5], return_dtype=pl.String),
        t=pl.col("index").map_elements(lambda row: texts[row % 3 + 1], return_dtype=pl.String),
        b=pl.col("index") % 2 == 0,
    )  # fmt: skip
    one, other = by_formula(formula, table), by_query(formula, table)
    assert isinstance(one, pl.Series) == isinstance(other, pl.Series), (one, other)
    if isinstance(one, pl.Series):
        assert_series_equal(one, other, check_exact=True, check_names=False)
