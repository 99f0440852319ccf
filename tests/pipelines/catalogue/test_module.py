"""A module's settings and its fingerprint."""

from typing import Annotated

import pytest

from pipelines.catalogue import params as p
from pipelines.catalogue.columns import ALL
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Frame
from pipelines.catalogue.shelf import Shelf
from pipelines.catalogue.signature import read

SHELF = Shelf("Odds", order=1, hue=2, id="odds")


@module("Do It")
def do_it(
    *,
    share: Annotated[float, p.Range(0, 1)] = 0.5,
    text: Annotated[str, p.Multiline()],
    columns: p.Columns = ALL,
    count: int = 3,
    source: p.Dataset,
) -> Frame:
    """Do it."""


def declared():
    return read(do_it, "odds.do_it", SHELF)


def test_settings_are_as_given_else_their_default():
    it = declared()
    assert it.settings({"share": 0.1})["share"] == 0.1
    assert it.settings({})["count"] == 3
    settings = it.read_settings({"text": "x", "source": "cars", "count": 4.0})
    assert (settings["count"], settings["columns"].pick(Frame({"a": [1]}))) == (4, ["a"])


def test_an_absent_setting_without_default_is_refused_when_read():
    with pytest.raises(ValueError, match="needs a value"):
        declared().read_settings({"source": "cars"})


def test_what_its_results_depend_on_is_its_source_and_its_libraries():
    @module("X", libraries=("duckdb",))
    def function() -> Frame: ...

    declared = read(function, "odds.x", SHELF)
    assert len(declared.source) == 64
    assert declared.source == read(function, "odds.y", SHELF).source
    assert declared.source != catalogue().modules["trial.pass_on"].source
    assert list(declared.library_versions) == ["polars", "duckdb"]


def test_what_only_adds_to_a_query_can_wait_for_its_reader():
    waits = {id for id, one in catalogue().modules.items() if one.is_deferrable}
    assert {"transform.select_columns", "transform.filter_rows", "transform.derive_column", "transform.join"} <= waits
    assert not {"transform.group_by", "transform.split_data", "transform.normalize", "data.enter_data"} & waits
