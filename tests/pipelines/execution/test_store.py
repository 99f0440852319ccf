"""The store: bytes are what their name says, or they are refused."""

import os
from uuid import uuid4

import pytest
from blake3 import blake3

from pipelines.execution.store import LARGE, Damaged, LocalStore, RemoteStore


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path)


def keep(store, data=b"data"):
    file = store.scratch()
    file.write_bytes(data)
    return store.keep(file)


def test_a_kept_file_is_named_by_its_bytes(store):
    assert keep(store) == (blake3(b"data").hexdigest(), 4)
    assert store.path(keep(store)[0]).read_bytes() == b"data"


def test_equal_files_are_kept_once(store, tmp_path):
    keep(store), keep(store)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [blake3(b"data").hexdigest()]


def test_nothing_is_seen_before_it_is_whole(store):
    file = store.scratch()
    file.write_bytes(b"data")
    assert not store.has(blake3(b"data").hexdigest())


@pytest.mark.parametrize("fresh", [True, False], ids=["another process", "the process that wrote it"])
def test_a_flipped_byte_is_noticed(store, tmp_path, fresh):
    digest, _ = keep(store)
    place = store.path(digest)
    place.write_bytes(b"dbta")
    other = LocalStore(tmp_path) if fresh else store
    with pytest.raises(Damaged):
        other.path(digest)
    assert not other.has(digest)


def test_a_file_that_is_gone_is_noticed(store):
    digest, _ = keep(store)
    store.path(digest).unlink()
    with pytest.raises(Damaged):
        store.path(digest)


def test_keeping_again_mends_what_was_damaged(store):
    digest, _ = keep(store)
    store.path(digest).write_bytes(b"broken")
    keep(store)
    assert store.path(digest).read_bytes() == b"data"


def test_old_scratch_is_forgotten_and_new_is_not(store):
    old, new = store.scratch(), store.scratch()
    old.write_bytes(b""), new.write_bytes(b"")
    os.utime(old, (1000, 1000))
    store.forget_scratch(older_than=2000)
    assert (old.exists(), new.exists()) == (False, True)


def test_a_dropped_store_is_empty_and_can_be_used_again(store, tmp_path):
    digest, _ = keep(store)
    store.drop()
    assert (store.has(digest), list(tmp_path.glob("**/*"))) == (False, [])
    store.drop()
    assert store.has(keep(store)[0])


@pytest.fixture
def far(tmp_path):
    """Stores of several machines that share one far folder."""
    url = f"memory://easel-{uuid4().hex}"
    return lambda machine: RemoteStore(url, tmp_path / machine)


def spoil(store, digest):
    with store._files.open(store._place(digest), "wb") as file:
        file.write(b"spoiled")


def test_what_one_machine_keeps_another_reads(far):
    digest, size = keep(far("one"))
    assert (far("two").path(digest).read_bytes(), size) == (b"data", 4)
    assert far("two").has(digest)


def test_what_nobody_kept_is_damaged(far):
    assert not far("one").has(blake3(b"never").hexdigest())


def test_a_far_file_with_other_bytes_is_refused_until_it_is_kept_again(far):
    digest, _ = keep(far("one"))
    spoil(far("one"), digest)
    with pytest.raises(Damaged):
        far("two").path(digest)
    keep(far("two"))
    assert far("three").path(digest).read_bytes() == b"data"


def test_a_spoiled_copy_is_fetched_again(far):
    digest, _ = keep(far("one"))
    far("one").path(digest).write_bytes(b"spoiled")
    assert far("one").path(digest).read_bytes() == b"data"


def test_a_dropped_far_store_is_gone_for_all(far, tmp_path):
    store = far("one")
    digest, _ = keep(store)
    store.drop()
    assert (store.has(digest), far("two").has(digest)) == (False, False)
    store.drop()


@pytest.mark.parametrize("size", [10, LARGE + 1])
def test_a_file_that_the_disk_does_not_take_is_not_kept(tmp_path, monkeypatch, size):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    store = LocalStore(tmp_path)
    file = store.scratch()
    file.write_bytes(b"x" * size)
    monkeypatch.setattr("pipelines.execution.store.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        store.keep(file)
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != "scratch"] == []
