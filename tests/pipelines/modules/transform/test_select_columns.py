"""Select Columns."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue.columns import Selector
from pipelines.catalogue.ports import ColumnRole, Table
from tests.support.module_runner import only

TABLE = Table(pl.DataFrame({"a": [1], "b": ["x"], "c": [True], "d": [0.5]}), {"d": ColumnRole("label"), "a": ColumnRole(categorical=True)})


@pytest.mark.parametrize(
    ("rules", "kept"),
    [
        ("all", "abcd"),
        (["c", "a"], "ac"),
        ([{"include": "all"}, {"exclude": {"names": ["b"]}}], "acd"),
        ([{"include": {"indices": "1-2,4"}}], "abd"),
        ([{"include": {"types": ["numeric"]}}], "ad"),
        ([{"include": {"types": ["categorical", "boolean"]}}], "ac"),
        ([{"include": {"roles": ["label"]}}], "d"),
        ([{"include": "all"}, {"exclude": {"roles": ["label"]}}, {"include": {"names": ["d"]}}], "abcd"),
        ([], ""),
    ],
)
def test_rules(rules, kept):
    assert "".join(only("transform.select_columns", {"columns": rules}, table=TABLE).frame.columns) == kept


def test_roles_of_columns_that_are_gone_are_gone():
    assert only("transform.select_columns", {"columns": ["a"]}, table=TABLE).roles == {"a": ColumnRole(categorical=True)}


RULES = st.lists(
    st.builds(
        lambda verb, what: {verb: what},
        st.sampled_from(["include", "exclude"]),
        st.one_of(
            st.just("all"),
            st.builds(lambda names: {"names": names}, st.lists(st.sampled_from("abcd"))),
            st.builds(lambda types: {"types": types}, st.lists(st.sampled_from(["numeric", "text", "boolean"]))),
            st.builds(lambda first, last: {"indices": f"{first}-{last}"}, st.integers(1, 2), st.integers(2, 4)),
        ),
    )
)


@given(RULES)
def test_any_rules_give_columns_in_the_tables_order_and_read_back(rules):
    selector = Selector.read(rules)
    picked = selector.pick(TABLE)
    assert picked == [column for column in "abcd" if column in picked]
    assert Selector.read(selector.as_json()).pick(TABLE) == picked


@pytest.mark.parametrize(
    ("rules", "kept"),
    [
        (["c", "a"], ["c", "a"]),
        (["c", "a", "c", "c"], ["c", "a", "c_2", "c_3"]),
        ([{"include": {"names": ["d"]}}, {"include": "all"}], ["d", "a", "b", "c"]),
        ([{"include": {"names": ["d", "b"]}}, {"exclude": {"names": ["b"]}}, {"include": {"types": ["boolean"]}}], ["d", "c"]),
        ("all", ["a", "b", "c", "d"]),
    ],
)
def test_columns_in_the_order_of_naming(rules, kept):
    assert only("transform.select_columns", {"columns": rules, "own_order": True}, table=TABLE).frame.columns == kept


def test_a_copy_has_the_values_and_the_role_of_its_column_and_a_free_name():
    table = Table(TABLE.frame.rename({"a": "d_2"}), TABLE.roles)
    copied = only("transform.select_columns", {"columns": ["d", "d", "d_2"], "own_order": True}, table=table)
    assert copied.frame.rows() == [(0.5, 0.5, 1)] and copied.frame.columns == ["d", "d_3", "d_2"]
    assert copied.role("d_3").role == "label"
