"""Apply Transformation."""

import polars as pl

from pipelines.catalogue.ports import Transform
from tests.pipelines.carrying import run
from tests.pipelines.modules.refusing import refuses

FITTED = {
    id: run(id, settings, table=pl.DataFrame({"x": [1.0, None], "t": ["a", "b"]}))["transform"]
    for id, settings in {
        "transform.clean_missing": {"mode": "drop_rows"},
        "transform.normalize": {},
        "transform.convert_to_indicator": {},
    }.items()
}


def test_columns_that_are_missing_are_named():
    for fitted in FITTED.values():
        wrong = refuses("transform.apply_transformation", {}, "missing_columns", transform=fitted, table=pl.DataFrame({"other": [1]}))
        assert wrong.column in wrong.words and wrong.port == "table"


def test_a_column_of_another_type():
    refuses(
        "transform.apply_transformation", {}, "not_a_number", transform=FITTED["transform.normalize"], table=pl.DataFrame({"x": ["one"]})
    )


def test_a_transformation_of_another_easel():
    refuses("transform.apply_transformation", {}, "unknown_transform", transform=Transform("whiten", {}), table=pl.DataFrame({"x": [1]}))
