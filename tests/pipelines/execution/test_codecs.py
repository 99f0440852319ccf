"""Every kind of thing on an edge comes back from the store as it went in."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from sklearn.linear_model import LinearRegression

from pipelines.catalogue.ports import ColumnRole, Model, Report, Table, Transform, UntrainedModel
from pipelines.execution.codecs import load, load_table, releasing_pages, save
from pipelines.execution.output import Output
from pipelines.execution.store import Damaged, LocalStore
from tests.easel_modules.kinds.note import Note
from tests.support.installation import wait_until

FRAME = pl.DataFrame(
    {
        "number": [1.5, None, float("nan")],
        "whole": pl.Series([1, None, 2**60], dtype=pl.Int64),
        "text": ["é", None, ""],
        "on": [True, None, False],
        "day": [date(2024, 1, 1), None, date(1900, 1, 1)],
        "moment": [datetime(2024, 1, 1, tzinfo=UTC), None, None],
        "kind": pl.Series(["a", "b", "a"], dtype=pl.Categorical),
        "many": [[1, 2], None, []],
        "nothing": [None, None, None],
        "": [1, 2, 3],
    }
)


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path)


@pytest.mark.parametrize(
    "frame", [FRAME, FRAME.clear(), pl.DataFrame(), FRAME.head(1).select("number")], ids=["all types", "no rows", "nothing", "one"]
)
def test_a_table_comes_back_with_its_types_and_roles(store, frame):
    table = Table(frame, {name: ColumnRole("label", True, "yes", "M") for name in frame.columns[:1]})
    output = save(table, store)
    back = load(output, store)
    assert back.frame.schema == frame.schema and back.frame.equals(frame)
    assert {name: back.role(name) for name in frame.columns} == {name: table.role(name) for name in frame.columns}
    assert (output.kind, output.rows, len(output.columns)) == ("table", frame.height, frame.width)


def test_equal_tables_are_one_artifact_and_others_are_not(store):
    one, same, other = (save(Table(frame), store) for frame in (FRAME, FRAME.clone(), FRAME.head(2)))
    assert one.content == same.content != other.content


def test_what_only_leaves_columns_out_or_changes_roles_is_not_written_again(store):
    kept = load_table(save(Table(pl.DataFrame({"a": [1, 2], "b": [3, 4]})), store), store)
    part = save(kept.only(["b"]).with_role("b", role="label"), store)
    assert part.digest == kept.kept.digest and part.content != kept.kept.content
    again = load_table(part, store)
    assert again.frame.to_dict(as_series=False) == {"b": [3, 4]} and again.role("b").role == "label"


def test_other_rows_are_written(store):
    kept = load_table(save(Table(pl.DataFrame({"a": [1, 2]})), store), store)
    assert save(kept.with_frame(kept.frame.reverse()), store).digest != kept.kept.digest


@pytest.mark.parametrize(
    "value", [Transform("scale", {"by": 2, "of": ["a"]}), Report("Page", [{"type": "figures"}], [{"name": "M", "metrics": {"r2": 1.0}}])]
)
def test_plain_values_come_back(store, value):
    assert load(save(value, store), store) == value


def test_a_value_of_a_kind_from_elsewhere_comes_back(store):
    output = save(Note("é"), store)
    assert output == Output("note", output.digest, 2) and store.path(output.digest).read_bytes() == "é".encode()
    assert load(output, store) == Note("é")


REPORT = Report("Page", [{"type": "figures"}], [{"name": "M", "metrics": {"r2": 1.0}}])


@pytest.mark.parametrize(
    ("value", "digest"),
    [
        (Transform("scale", {"by": 2, "of": ["a"]}), "057834f3dc01de0c8e3f48e7d1d2bfd82624290069bb62e012ef62a968ad2507"),
        (REPORT, "3d75547ef2fbd150d0c0101c00e1f605cdfafbb4b3514cd5a80d2d5d5f8ba2a1"),
        (UntrainedModel("L", "regression", None, settings={"a": 1}), "e0989ebd1ae6215ab3bfe4f539462da0905bce9e6620be5110bda304cf0592c2"),
        (
            Model("L", "regression", None, "y", (("x", "Float64"),), report=REPORT),
            "959ba15fc744f76b7190e6d3228d2749b6e553e9b4cc18c73a92f82ef2872411",
        ),
    ],
    ids=lambda value: value.__class__.__name__,
)
def test_equal_values_are_the_same_bytes_in_every_version(store, value, digest):
    output = save(value, store)
    assert output.digest == digest
    assert output.report == (
        "3d75547ef2fbd150d0c0101c00e1f605cdfafbb4b3514cd5a80d2d5d5f8ba2a1" if isinstance(value, Report | Model) else None
    )


def test_what_is_of_no_kind_is_named(store):
    with pytest.raises(TypeError, match="'int'"):
        save(1, store)


def test_a_report_shows_itself(store):
    output = save(Report("Page", []), store)
    assert output.report == output.digest


def test_models_come_back_and_show_their_report(store):
    fitted = LinearRegression().fit([[0.0], [1.0]], [0.0, 2.0])
    model = Model("Linear", "regression", fitted, "y", (("x", "Float64"),), report=Report("Model", []))
    output = save(model, store)
    back = load(output, store)
    assert (back.name, back.label, back.features) == ("Linear", "y", (("x", "Float64"),))
    assert back.estimator.predict([[2.0]])[0] == pytest.approx(4)
    assert store.path(output.report).exists() and output.report != output.digest
    assert load(save(UntrainedModel("L", "regression", LinearRegression()), store), store).name == "L"


def test_a_damaged_table_is_never_read(store):
    output = save(Table(FRAME), store)
    place = store.path(output.digest)
    data = bytearray(place.read_bytes())
    data[len(data) // 2] ^= 1
    place.write_bytes(data)
    with pytest.raises(Damaged):
        load_table(output, store)


def resident(path):
    """How many bytes of a mapped file count as this process's memory."""
    entries = Path("/proc/self/smaps").read_text().split("VmFlags")
    return sum(int(re.search(r"^Rss:\s+(\d+) kB", entry, re.MULTILINE)[1]) * 1024 for entry in entries if str(path) in entry)


def test_what_was_passed_through_is_given_back_and_can_be_read_again(store):
    """Memory of this process, that is: the system has the file at hand still."""
    output = save(Table(pl.DataFrame({"a": range(2_000_000)})), store)
    frame = load_table(output, store).frame
    path = store.path(output.digest)
    assert frame["a"].sum() == 1_999_999_000_000
    assert resident(path) > 10_000_000
    with releasing_pages():
        wait_until(lambda: resident(path) == 0, 5)
    assert frame["a"].sum() == 1_999_999_000_000
