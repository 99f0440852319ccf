"""Fitted transformations are carried out by the name they are registered under."""

import polars as pl
import pytest

from pipelines.catalogue.ports import Table, Transform
from pipelines.catalogue.transforms import applies, apply


def test_a_registered_transformation_is_carried_out_with_its_state():
    @applies("test.add")
    def add(table, state):
        return table.with_frame(table.frame.select(pl.all() + state["by"]))

    assert apply(Transform("test.add", {"by": 2}), Table(pl.DataFrame({"a": [1]}))).frame["a"].to_list() == [3]


def test_an_unregistered_one_is_not():
    with pytest.raises(KeyError):
        apply(Transform("test.never", {}), Table(pl.DataFrame()))
