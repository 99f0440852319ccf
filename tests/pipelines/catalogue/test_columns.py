"""Column selectors: rules in order, over names, indices, types and roles."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue.columns import ALL, NUMERIC, ROLES, TEXT, TYPES, Rule, Selector, kind_of, require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import ColumnRole, Table

FRAME = pl.DataFrame({"id": [1], "name": ["x"], "when": [date(2024, 1, 1)], "good": [True], "price": [1.5], "made": [[1]]})
TABLE = Table(FRAME, {"price": ColumnRole("label"), "id": ColumnRole(categorical=True)})


def pick(value, table=TABLE):
    return Selector.read(value).pick(table)


@pytest.mark.parametrize(
    ("value", "columns"),
    [
        ("all", FRAME.columns),
        (["price", "id"], ["id", "price"]),
        ([], []),
        ([{"include": "all"}, {"exclude": {"names": ["name", "made"]}}], ["id", "when", "good", "price"]),
        ([{"exclude": "all"}, {"include": {"names": ["name"]}}], ["name"]),
        ([{"include": {"names": ["name"]}}, {"exclude": "all"}], []),
        ([{"include": {"indices": "2-3,6"}}], ["name", "when", "made"]),
        ([{"include": {"types": ["numeric"]}}], ["id", "price"]),
        ([{"include": {"types": ["text", "boolean"]}}], ["name", "good"]),
        ([{"include": {"types": ["datetime"]}}], ["when"]),
        ([{"include": {"types": ["categorical"]}}], ["id"]),
        ([{"include": {"roles": ["label"]}}], ["price"]),
        ([{"include": {"roles": ["feature"]}}], ["id", "name", "when", "good", "made"]),
    ],
)
def test_rules_apply_in_order_and_answer_in_the_tables_order(value, columns):
    assert pick(value) == columns


names = st.sampled_from(FRAME.columns)
rules = st.one_of(
    st.builds(Rule, st.booleans(), st.just("all")),
    st.builds(Rule, st.booleans(), st.just("names"), st.lists(names, max_size=3).map(tuple)),
    st.builds(Rule, st.booleans(), st.just("types"), st.lists(st.sampled_from(TYPES), max_size=3).map(tuple)),
    st.builds(Rule, st.booleans(), st.just("roles"), st.lists(st.sampled_from(ROLES), max_size=3).map(tuple)),
    st.builds(
        Rule,
        st.booleans(),
        st.just("indices"),
        st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)).map(sorted).map(tuple), min_size=1, max_size=3).map(tuple),
    ),
)
selectors = st.lists(rules, min_size=1, max_size=4).map(lambda found: Selector(tuple(found)))


@given(selectors)
def test_a_written_selector_is_read_again(selector):
    assert Selector.read(selector.as_json()) == selector


@given(selectors)
def test_what_is_picked_is_part_of_the_table_in_its_order(selector):
    picked = selector.pick(TABLE)
    assert picked == [column for column in FRAME.columns if column in picked]


@given(selectors)
def test_including_all_at_the_end_picks_all(selector):
    assert Selector((*selector.rules, Rule(True, "all"))).pick(TABLE) == FRAME.columns


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.sampled_from(["all", "1-4"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["include", "exclude", "names", "indices", "types", "roles"]), inner, max_size=2)
    ),
    max_leaves=8,
)


@given(json_values)
def test_any_json_is_a_selector_or_refused_with_words(value):
    try:
        selector = Selector.read(value)
    except ValueError as refused:
        assert str(refused)
    else:
        assert Selector.read(selector.as_json()) == selector


@pytest.mark.parametrize("indices", ["", "0", "3-2", "1-", "-1", "a", "1,,2", "1.5", "9999999999", "²"])
def test_strange_indices_are_refused(indices):
    with pytest.raises(ValueError, match="column positions"):
        Selector.read([{"include": {"indices": indices}}])


@pytest.mark.parametrize(("value", "column"), [(["nmae"], "nmae"), ([{"exclude": {"names": ["gone"]}}], "gone")])
def test_an_unknown_column_is_told_at_its_setting(value, column):
    with pytest.raises(ModuleError) as wrong:
        Selector.read(value, "columns", "table").pick(TABLE)
    assert (wrong.value.code, wrong.value.column, wrong.value.param, wrong.value.port) == ("unknown_column", column, "columns", "table")


def test_an_index_beyond_the_table_is_told():
    with pytest.raises(ModuleError, match="There is no column 7: the table has 6 columns"):
        pick([{"include": {"indices": "5-7"}}])


def test_a_name_in_other_letters_is_offered():
    with pytest.raises(ModuleError) as wrong:
        pick(["PRICE"])
    assert wrong.value.remedy == "Did you mean “price”?"


def test_ordered_keeps_the_order_of_names():
    assert Selector.read(["price", "id"]).ordered(TABLE) == ["price", "id"]
    assert Selector.read([{"include": "all"}, {"exclude": {"names": ["id"]}}]).ordered(TABLE) == FRAME.columns[1:]


def test_the_usual_selectors_leave_labels_alone():
    assert ALL.pick(TABLE) == FRAME.columns
    assert NUMERIC.pick(TABLE) == ["id"]
    assert TEXT.pick(TABLE) == ["id", "name"]


def test_require_gives_the_column_or_the_place():
    assert require("id", FRAME, param="column") == "id"
    with pytest.raises(ModuleError) as wrong:
        require("gone", TABLE, param="column", port="right")
    assert (wrong.value.param, wrong.value.port) == ("column", "right")


@pytest.mark.parametrize(
    ("dtype", "kind"),
    [(pl.Int8(), "number"), (pl.Decimal(10, 2), "number"), (pl.String(), "text"), (pl.Categorical(), "text"), (pl.Boolean(), "boolean"),
     (pl.Date(), "datetime"), (pl.Duration(), "datetime"), (pl.List(pl.Int8), "other"), (pl.Null(), "other")],
)  # fmt: skip
def test_types_have_a_family(dtype, kind):
    assert kind_of(dtype) == kind
