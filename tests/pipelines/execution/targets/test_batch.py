"""A batch travels as bytes, and gives the ends that a worker would commit."""

from __future__ import annotations

import msgspec
import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import Table
from pipelines.compilation import Step
from pipelines.execution.codecs import save
from pipelines.execution.store import LocalStore
from pipelines.execution.targets import batch as subject
from pipelines.execution.targets.batch import Batch, decode_end, digests_of, encode, execute_batch
from pipelines.execution.targets.fan_order import FanOrder, Known

pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    """The machine that executes it has a folder of its own, and nothing in memory."""
    there = subject._FetchingStore(tmp_path / "there")
    monkeypatch.setattr(subject, "_store", lambda: there)
    monkeypatch.setattr(subject, "_open", {})


def order(store, module="trial.spread", items=("n1", "n2"), **more):
    known = catalogue().modules.get(module)
    settings = {param.name: param.default for param in known.params} if known else {}
    step = Step("many", module, settings | more.pop("settings", {}), {})
    table = save(Table(pl.DataFrame({"a": [1]})), store)
    asked = more.pop("asked", None)
    fans = FanOrder(items=asked or dict.fromkeys(items), is_search=asked is not None, **more)
    return Batch("key", "many", step.as_json(), {"table": [table]}, {}, fans, 2**30)


def execute(batch, store):
    return decode_end(execute_batch(encode(batch), lambda digest: store.path(digest).read_bytes()))


def test_items_are_executed_with_files_that_are_fetched(tmp_path):
    store = LocalStore(tmp_path / "here")
    end = execute(order(store, settings={"bad": "n2"}), store)
    good, bad = end.ends
    assert (good.key, good.figures, bad.failure.code) == ("n1", {"square": 1}, "told_to_fail")
    assert [data[good.blob.start : good.blob.start + good.blob.length] for data in end.blobs.values()] == [b"1"]
    for data in end.blobs.values():
        assert store.keep_bytes(data)[0] == good.blob.digest


def test_a_later_fan_out_reads_the_results_of_the_ones_before(tmp_path):
    store = LocalStore(tmp_path / "here")
    earlier = [[Known(f"n{number}", {"square": number**2}, None, 0.1, None, None) for number in range(3)]]
    (end,) = execute(order(store, settings={"to": 3, "waves": 2}, items=["n2"], earlier=earlier), store).ends
    assert end.figures == {"square": 4 + 0 + 1 + 4}


def test_a_trial_is_executed_with_what_was_asked_for(tmp_path):
    store = LocalStore(tmp_path / "here")
    (end,) = execute(order(store, "trial.seek", ["t5"], asked={"t5": [5, 100, 0.0]}, seconds_left=5.0), store).ends
    assert end.figures == {"sum": 105}


def test_the_module_is_called_once_for_several_batches(tmp_path, monkeypatch):
    store = LocalStore(tmp_path / "here")
    execute(order(store, items=["n1"]), store)
    monkeypatch.setattr(subject, "replayed", None)
    assert [end.key for end in execute(order(store, items=["n3"]), store).ends] == ["n3"]


def test_a_module_that_the_machine_lacks_and_one_that_fails_are_problems(tmp_path):
    store = LocalStore(tmp_path / "here")
    lacking = execute(order(store, "trial.nowhere"), store)
    assert (lacking.problem.code, lacking.problem.node) == ("unknown_module", "many") and lacking.problem.remedy
    assert execute(order(store, "trial.fail"), store).problem.code == "told_to_fail"


def test_the_files_of_a_batch_are_named_once(tmp_path):
    store = LocalStore(tmp_path / "here")
    batch = order(store)
    twice = msgspec.structs.replace(batch, datasets={"one": batch.inputs["table"][0]})
    assert digests_of(twice) == [batch.inputs["table"][0].digest]
