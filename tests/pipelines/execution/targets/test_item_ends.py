"""What a job says of its items is not trusted: it ends its own items, each once, with blobs that it wrote."""

from __future__ import annotations

import os
from dataclasses import replace

import msgspec
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.items import Failure
from pipelines.execution.fan import BlobPlace, ItemEnd
from pipelines.execution.targets import ItemSink, JobStopped
from pipelines.execution.targets import item_ends as subject
from pipelines.execution.targets.fan_order import FanOrder
from pipelines.execution.targets.item_ends import ItemEnds, listed
from pipelines.execution.targets.messages import Listed, ListedItem, Listing
from tests.pipelines.execution.targets.jobs import FEW, job


class Ear(ItemSink):
    def __init__(self):
        self.ends = []

    def take(self, ends):
        self.ends += ends


@pytest.fixture
def one(tmp_path):
    return replace(job(tmp_path, "trial.spread"), fans=FanOrder(items={"a": None, "b": None}))


@pytest.fixture
def outputs(tmp_path):
    folder = tmp_path / "outputs"
    folder.mkdir()
    (folder / "ab").write_bytes(b"onetwo")
    return folder


def end(key="a", blob=None, failure=None, seconds=0.5):
    return ItemEnd(key, {"score": 1}, failure, seconds, blob and BlobPlace(*blob))


def test_blobs_are_copied_into_the_store_and_the_original_is_deleted(one, outputs):
    ear = Ear()
    ItemEnds(one, outputs, ear).take([end("a", ("ab", 0, 3)), end("b", ("ab", 3, 3))])
    assert [taken.blob.read(one.store) for taken in ear.ends] == [b"one", b"two"]
    assert not list(outputs.iterdir()) and not list(one.store.scratch().parent.iterdir())


@pytest.mark.parametrize(
    "ends",
    [
        [end("c")],
        [end("a"), end("a")],
        [end(blob=("ab", 4, 3))],
        [end(blob=("ab", -1, 2))],
        [end(blob=("ab", 5, -2))],
        [end(blob=("../job.json", 0, 1))],
        [end(blob=("cd", 0, 1))],
    ],
    ids=["of another chunk", "twice", "beyond the file", "before the file", "negative", "another folder", "no file"],
)
def test_what_is_no_end_of_an_own_item_stops_the_job(one, outputs, ends):
    ear = Ear()
    with pytest.raises(JobStopped) as caught:
        ItemEnds(one, outputs, ear).take(ends)
    assert caught.value.code == "broken_output" and not ear.ends


@pytest.mark.parametrize("what", ["link", "pipe", "folder", "large"])
def test_only_a_file_of_its_own_is_read(one, outputs, tmp_path, what):
    (tmp_path / "secret").write_text("secret")
    place = outputs / "cd"
    {
        "link": lambda: place.symlink_to(tmp_path / "secret"),
        "pipe": lambda: os.mkfifo(place),
        "folder": place.mkdir,
        "large": lambda: place.write_bytes(b"x" * 100),
    }[what]()
    small = replace(one, limits=replace(FEW, disk_bytes=50))
    with pytest.raises(JobStopped):
        ItemEnds(small, outputs, Ear()).take([end(blob=("cd", 0, 1))])
    assert not list(one.store.scratch().parent.iterdir())


def test_all_blobs_of_a_job_together_are_limited(one, outputs):
    (outputs / "cd").write_bytes(b"x" * 30)
    (outputs / "ef").write_bytes(b"x" * 30)
    ends = ItemEnds(replace(one, limits=replace(FEW, disk_bytes=50)), outputs, Ear())
    ends.take([end("a", ("cd", 0, 30))])
    with pytest.raises(JobStopped):
        ends.take([end("b", ("ef", 0, 30))])


def test_a_failure_is_short_and_has_a_place_that_exists(one, outputs):
    ear = Ear()
    failure = Failure("c" * 100, "w\0" * 5000, "r" * 5000, port="nowhere", param="to", column="x" * 5000)
    ItemEnds(one, outputs, ear).take([end(failure=failure, seconds=1e300)])
    (taken,) = ear.ends
    told = taken.failure
    assert [len(text) for text in (told.code, told.words, told.remedy, told.column)] == [60, 2000, 2000, 2000]
    assert "\0" not in told.words and (told.port, told.param) == (None, "to") and taken.seconds == FEW.seconds


def write(outputs, listing):
    (outputs / "cd").write_bytes(listing if isinstance(listing, bytes) else msgspec.json.encode(listing))
    return Listing("cd")


def test_a_list_of_items_has_no_functions(one, outputs):
    fan = listed(one, outputs, write(outputs, Listed([ListedItem("a", [1], False)], "numbers", 3, (2, None, 9))))
    assert (fan.items["a"].content, fan.items["a"].of_inputs, fan.noun, fan.may_fail) == ([1], False, "numbers", 3)
    assert (fan.strategy.at_once, fan.strategy.seconds, fan.strategy.most) == (2, None, 9)
    with pytest.raises(AssertionError):
        fan.each(fan.items["a"])


@pytest.mark.parametrize(
    ("listing", "code"),
    [
        (b"no list", "broken_output"),
        (b"[" * 100_000, "broken_output"),
        (Listed([], "items", None, (0, None, None)), "broken_output"),
        (Listed([ListedItem("a", 1, False)] * 2, "items", 0, None), "unusable_item_key"),
        (Listed([ListedItem("a" * 300, 1, False)], "items", 0, None), "unusable_item_key"),
    ],
    ids=["no JSON", "too deep", "none at once", "a key twice", "a long key"],
)
def test_a_list_that_is_none_is_refused(one, outputs, listing, code):
    with pytest.raises(ModuleError) as caught:
        listed(one, outputs, write(outputs, listing))
    assert caught.value.code == code


def test_a_very_long_list_is_refused(one, outputs, monkeypatch):
    monkeypatch.setattr(subject, "LARGEST_LISTING", 10)
    with pytest.raises(JobStopped):
        listed(one, outputs, write(outputs, Listed([], "items", 0, None)))
