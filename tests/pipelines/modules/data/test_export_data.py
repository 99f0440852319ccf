"""Export Data: what other libraries read back."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from hashlib import sha256

import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from tests.pipelines.modules.examples import Example
from tests.support.module_runner import dataset, only
from tests.support.outside import FOLDER, REACH

EXAMPLE = Example({"to": "files", "storage": "folder", "path": "out/cars.csv", "if_exists": "replace", "database": None, "name": None})
CARS = dataset("automobile_price").frame
READ = {"csv": pl.read_csv, "parquet": pl.read_parquet, "xlsx": pl.read_excel}


def export(frame=CARS, **settings):
    return only("data.export_data", settings, table=frame)


def refused(frame=CARS, **settings):
    with pytest.raises(ModuleError) as caught:
        export(frame, **settings)
    assert caught.value.words and caught.value.remedy
    return caught.value.code


@pytest.mark.parametrize("format", READ)
def test_a_file_has_the_rows_and_the_receipt_its_digest(format):
    receipt = export(to="files", storage="folder", path=f"out/a.{format}", format=format, if_exists="replace").frame.row(0, named=True)
    file = FOLDER / "out" / f"a.{format}"
    found = READ[format](file)
    for name, dtype in CARS.schema.items():
        theirs = found[name].cast(dtype)
        assert theirs.equals(CARS[name]) or (theirs - CARS[name]).abs().max() < 1e-12, name
    assert receipt == {
        "place": str(file),
        "rows": CARS.height,
        "columns": CARS.width,
        "bytes": file.stat().st_size,
        "sha256": sha256(file.read_bytes()).hexdigest(),
    }


@pytest.mark.parametrize("format", READ)
def test_a_file_that_exists_is_kept_unless_it_is_the_same(format):
    settings = {"to": "files", "storage": "folder", "path": f"out/new.{format}", "format": format}
    export(**settings)
    export(**settings)  # the step was interrupted after it had written
    assert refused(CARS.head(3), **settings) == "file_exists"
    assert READ[format](FOLDER / "out" / f"new.{format}").height == CARS.height
    assert not list((FOLDER / "out").glob(".*")), "nothing is left beside it"


def test_a_link_is_not_followed(tmp_path):
    (FOLDER / "away").symlink_to(tmp_path)
    (FOLDER / "link.csv").symlink_to(tmp_path / "x.csv")
    assert refused(to="files", storage="folder", path="away/x.csv", if_exists="replace") == "bad_path"
    assert refused(to="files", storage="folder", path="link.csv", if_exists="replace") == "bad_path"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"to": "files", "storage": "folder", "path": "../x.csv"}, "bad_path"),
        ({"to": "files", "storage": "folder", "path": "*.csv"}, "bad_path"),
        ({"to": "files", "storage": "folder", "path": "x.csv", "if_exists": "append"}, "cannot_append"),
        ({"to": "files", "storage": "folder"}, "missing_setting"),
        ({"to": "database"}, "missing_setting"),
    ],
)
def test_what_cannot_be_written_is_said(settings, code):
    assert refused(**settings) == code


def test_a_table_in_a_database_is_created_appended_to_and_replaced():
    def write(frame, mode, step):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("tests.support.module_runner.REACH", replace(REACH, step=step))
            export(frame, database="database", name="out", if_exists=mode)
        with closing(sqlite3.connect(FOLDER / "sales.sqlite")) as held:
            return held.execute('SELECT count(*), sum("price") FROM out').fetchone()

    total = CARS["price"].sum()
    assert write(CARS, "create", "1") == (CARS.height, pytest.approx(total, rel=1e-12))
    assert write(CARS, "create", "1") == (CARS.height, pytest.approx(total, rel=1e-12)), "the step is repeated"
    assert write(CARS, "append", "2")[0] == 2 * CARS.height
    assert write(CARS.head(5), "replace", "3") == (5, pytest.approx(CARS["price"].head(5).sum()))
    with pytest.raises(ModuleError, match="already there"):
        write(CARS, "create", "4")


def test_a_table_without_columns_is_refused():
    assert refused(pl.DataFrame(), database="database", name="t") == "no_columns"
