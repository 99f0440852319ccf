"""Select Columns."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue.columns import Selector
from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.carrying import only

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
