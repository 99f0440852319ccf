"""A job's folder, and what is taken in from it. What must not be taken in is tried by the attempts to escape (tests/security)."""

from dataclasses import replace

import msgspec
import polars as pl
import pytest

from pipelines.catalogue.ports import Model
from pipelines.execution.output import ColumnInfo, Output
from pipelines.execution.store import Damaged
from pipelines.execution.targets.job_folder import job_folder, read_outcome
from pipelines.execution.targets.messages import Done, Failed, Order
from pipelines.graph.problem import Problem
from pipelines.kinds.model import save_model
from tests.pipelines.execution.targets.jobs import FRAME, job, scratch, script

COLUMNS = (ColumnInfo("a", "Int64", "number", "label"),)


def table(digest, **more):
    return Output("table", digest, -1, **{"columns": COLUMNS, **more})


def left(folder, name, frame):
    frame.write_ipc(folder / "outputs" / name, compression="uncompressed")


def test_a_folder_shows_the_job_and_is_gone_afterwards(tmp_path):
    one = job(tmp_path, "transform.sql")
    digest = one.inputs["t1"][0].digest
    with job_folder(one) as folder:
        order = msgspec.json.decode((folder / "job.json").read_bytes(), type=Order)
        assert (order.node, order.inputs) == ("n0", {"t1": [one.inputs["t1"][0]]})
        assert (folder / "inputs" / digest).samefile(one.store.path(digest))
        assert list((folder / "outputs").iterdir()) == []
    assert scratch(one) == []
    assert one.store.has(digest)


def test_an_input_is_copied_where_it_cannot_have_a_second_name(tmp_path, monkeypatch):
    def no(*_):
        raise OSError("another disk")

    monkeypatch.setattr("os.link", no)
    one = job(tmp_path, "transform.sql")
    digest = one.inputs["t1"][0].digest
    with job_folder(one) as folder:
        assert (folder / "inputs" / digest).read_bytes() == one.store.path(digest).read_bytes()


def test_a_damaged_input_leaves_no_folder(tmp_path):
    one = job(tmp_path, "transform.sql")
    one.store.path(one.inputs["t1"][0].digest).write_bytes(b"flipped")
    with pytest.raises(Damaged), job_folder(one):
        pass
    assert scratch(one) == []


def test_outputs_are_kept_under_digests_of_our_own(tmp_path):
    one = job(tmp_path, "transform.split_data")
    with job_folder(one) as folder:
        left(folder, "aa", FRAME.select("a"))
        left(folder, "bb", FRAME.select("b"))
        made = read_outcome(one, folder, Done({"first": table("aa"), "second": table("bb", columns=(ColumnInfo("b", "?", "?"),))}))
    first = made.outputs["first"]
    assert one.store.has(first.digest) and first.bytes > 0 and first.rows == 3
    assert first.columns == COLUMNS
    assert made.outputs["second"].columns == (ColumnInfo("b", "String", "text"),)
    assert made.values["first"].frame.equals(FRAME.select("a"))
    assert made.values["first"].kept == first


@pytest.mark.parametrize(("told", "kept"), [(None, None), (5, 5), (2**62, 100)])
def test_how_far_the_process_grew_is_believed_up_to_the_limit(tmp_path, told, kept):
    one = job(tmp_path, "transform.split_data")
    one = replace(one, limits=replace(one.limits, memory_bytes=100))
    with job_folder(one) as folder:
        left(folder, "aa", FRAME)
        assert read_outcome(one, folder, Done({"first": table("aa"), "second": table("aa")}, told)).peak_bytes == kept


def test_an_input_handed_on_is_not_written_again(tmp_path):
    one = job(tmp_path, "transform.split_data")
    given = one.inputs["table"][0]
    with job_folder(one) as folder:
        left(folder, "bb", pl.DataFrame())
        made = read_outcome(one, folder, Done({"first": table(given.digest), "second": table("bb", columns=())}))
    assert (made.outputs["first"].digest, made.outputs["first"].bytes) == (given.digest, given.bytes)
    assert made.values["first"].frame.columns == ["a"]


@pytest.mark.parametrize("outputs", [{}, {"first": table("aa")}, {"first": table("zz"), "second": table("aa")}])
def test_what_is_not_there_is_a_problem(tmp_path, outputs):
    one = script(tmp_path, "")
    with job_folder(one) as folder:
        left(folder, "aa", FRAME.select("a"))
        problem = read_outcome(one, folder, Done(outputs)).problem
    assert (problem.code, problem.node) == ("broken_output", "n0")
    assert problem.remedy


def test_a_problem_has_places_that_there_are(tmp_path):
    one = script(tmp_path, "")
    made = read_outcome(
        one, tmp_path, Failed(Problem("bad", "w" * 9999, "n9", "first", "code", "a", None, "Do.", "warning"), "trace", True)
    )
    assert made.problem == Problem("bad", "w" * 2000, "n0", "first", "code", "a", None, "Do.")
    assert (made.trace, made.transient) == ("trace", True)
    elsewhere = read_outcome(one, tmp_path, Failed(Problem("bad", "Bad.", "n9", "zz", "zz"))).problem
    assert elsewhere == Problem("bad", "Bad.", "n0")


def test_folders_that_resist_are_removed_and_inputs_left_alone(tmp_path):
    one = job(tmp_path, "transform.sql")
    mode = one.store.path(one.inputs["t1"][0].digest).stat().st_mode
    with job_folder(one) as folder:
        deep = folder / "outputs"
        for _ in range(1100):
            deep = deep / "d"
            deep.mkdir()
    assert scratch(one) == []
    assert one.store.path(one.inputs["t1"][0].digest).stat().st_mode == mode


def test_a_report_of_peoples_code_that_is_no_report_is_not_taken_in(tmp_path):
    one = script(tmp_path, "")
    with job_folder(one) as folder:
        left(folder, "aa", FRAME.select("a"))
        save_model(Model("", "regression", None, "", ()), folder / "outputs" / "cc")
        held = (folder / "outputs" / "cc").read_bytes()
        records = {port: table("aa") for port in ("first", "second", "third", "fourth")} | {"model": Output("model", "cc", -1)}
        for text, code in (
            (b'{"title": "", "blocks": [], "metrics": []}', None),
            (b'{"title": "", "blocks": [{}], "metrics": []}', "broken_output"),
        ):
            (folder / "outputs" / "bb").write_bytes(text)
            (folder / "outputs" / "cc").write_bytes(held)
            made = read_outcome(one, folder, Done({**records, "report": Output("report", "bb", -1, report="bb")}))
            assert (made.problem and made.problem.code) == code
            left(folder, "aa", FRAME.select("a"))
