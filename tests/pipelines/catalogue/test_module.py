"""A module's settings and its fingerprint."""

from typing import Annotated

import pytest

from pipelines.catalogue import params as p
from pipelines.catalogue.columns import ALL
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


def test_the_fingerprint_changes_with_id_version_and_libraries():
    def fingerprint(id="odds.x", **declaration):
        @module("X", **declaration)
        def function() -> Frame: ...

        return read(function, id, SHELF).fingerprint

    prints = [fingerprint(), fingerprint("odds.y"), fingerprint(version=2), fingerprint(libraries=("duckdb",))]
    assert fingerprint() == prints[0] and len(set(prints)) == 4
