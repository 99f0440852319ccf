"""The store: bytes are what their name says, or they are refused."""

import itertools
import os
import threading
import time

import pytest
from blake3 import blake3

from pipelines.execution.store import LARGE, PIECE, Damaged, LocalStore, ScratchFile


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path)


def keep(store, data=b"data"):
    file = store.scratch()
    file.write_bytes(data)
    return store.keep(file)


def keep_bytes(store, data=b"data"):
    return store.keep_bytes(data)


def keep_draft(store, data=b"data"):
    with ScratchFile(store) as draft:
        draft.write(data)
        return draft.keep()


ALL_WAYS = pytest.mark.parametrize("keep", [keep, keep_bytes, keep_draft])


def kept_in(folder):
    return sorted(path.name for path in folder.glob("??/*"))


@ALL_WAYS
def test_a_kept_file_is_named_by_its_bytes(store, keep):
    assert keep(store) == (blake3(b"data").hexdigest(), 4)
    assert store.path(keep(store)[0]).read_bytes() == b"data"


@ALL_WAYS
def test_equal_files_are_kept_once(store, tmp_path, keep):
    keep(store), keep(store)
    assert kept_in(tmp_path) == [blake3(b"data").hexdigest()]


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


@ALL_WAYS
def test_keeping_again_mends_what_was_damaged(store, keep):
    digest, _ = keep(store)
    store.path(digest).write_bytes(b"broken")
    keep(store)
    assert store.path(digest).read_bytes() == b"data"


@ALL_WAYS
def test_what_is_stored_is_not_written_again_and_counts_as_stored_now(store, tmp_path, keep):
    digest, _ = keep(store)
    (file,) = tmp_path.glob(f"??/{digest}")
    node = file.stat().st_ino
    os.utime(file, (1, 1))
    assert keep(LocalStore(tmp_path)) == (digest, 4)
    assert file.stat().st_ino == node, "the file was replaced"
    assert time.time() - file.stat().st_mtime < 60
    assert not list((tmp_path / "scratch").iterdir())


def test_a_draft_is_named_by_all_that_was_written(store, tmp_path):
    data = bytes(range(251)) * (3 * LARGE // 251)
    with ScratchFile(store) as draft:
        for start, end in itertools.pairwise([0, 5, PIECE + 7, LARGE * 2, len(data)]):
            assert draft.write(data[start:end]) == end - start
        digest, size = draft.keep()
    assert (digest, size) == (blake3(data).hexdigest(), len(data))
    assert LocalStore(tmp_path).path(digest).read_bytes() == data


def test_what_was_written_around_a_draft_is_hashed_too(store):
    with ScratchFile(store) as draft:
        os.write(draft.fileno(), b"data")
        assert draft.keep() == (blake3(b"data").hexdigest(), 4)


def test_a_draft_that_is_not_kept_is_gone(store, tmp_path):
    with pytest.raises(ZeroDivisionError), ScratchFile(store) as draft:
        draft.write(b"data")
        raise ZeroDivisionError
    assert (list((tmp_path / "scratch").iterdir()), kept_in(tmp_path)) == ([], [])


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
    assert kept_in(tmp_path) == []


def test_what_was_seen_is_known_at_once_and_what_is_large_only_after_a_look(tmp_path, monkeypatch):
    small, _ = keep(LocalStore(tmp_path))
    large, _ = keep(LocalStore(tmp_path), b"x" * (LARGE + 1))
    other = LocalStore(tmp_path)
    assert (other.known(small), other.known(large), other.known("0" * 64)) == (True, None, False)
    assert other.has(large)
    monkeypatch.setattr("pipelines.execution.store._digest", None)  # nothing is read any more
    assert (other.known(small), other.known(large)) == (True, True)


def test_a_large_file_that_was_found_damaged_is_known_to_be(tmp_path):
    digest, _ = keep(LocalStore(tmp_path), b"x" * (LARGE + 1))
    store = LocalStore(tmp_path)
    with store.path(digest).open("r+b") as file:
        file.write(b"y")
    assert store.known(digest) is None
    assert (store.has(digest), store.known(digest)) == (False, False)


def test_files_are_listed_with_their_sizes(store):
    one, two = keep(store)[0], keep(store, b"other")[0]
    store.scratch().write_bytes(b"unfinished")
    assert {file.digest: file.bytes for file in store.files()} == {one: 4, two: 5}
    assert all(abs(file.since - time.time()) < 60 for file in store.files())


@ALL_WAYS
def test_only_what_was_not_kept_again_is_removed(store, keep):
    old, new, other = (keep(store, data)[0] for data in (b"old", b"newer", b"other"))
    for digest in (old, new, other):
        os.utime(store.path(digest), (1000, 1000))
    keep(store, b"newer")
    assert store.remove([old, new, "0" * 64], before=2000) == (1, 3)
    assert (store.has(old), store.has(new), store.has(other)) == (False, True, True)


def test_a_renewed_file_is_not_removed_and_a_lost_one_is_not_renewed(store, tmp_path):
    digest, _ = keep(store)
    os.utime(tmp_path / digest[:2] / digest, (1, 1))
    before = time.time() - 1
    assert store.renew(digest) and store.remove([digest], before) == (0, 0) and store.has(digest)
    assert not store.renew(blake3(b"other").hexdigest())


@ALL_WAYS
def test_a_file_that_is_kept_while_it_is_removed_stays(store, keep):
    """Kept and removed in a race, many times: whoever kept it after the look finds it."""
    lost, ended = [], threading.Event()

    def remove():
        while not ended.is_set():
            store.remove([blake3(b"data").hexdigest()], before=time.time() - 5.0)

    remover = threading.Thread(target=remove)
    remover.start()
    for _ in range(60):
        digest, _ = keep(store)
        os.utime(store._place(digest), (1000, 1000))  # old, so that it may go, until it is kept again
        keep(store)
        if not store._place(digest).exists():
            lost.append(digest)
    ended.set()
    remover.join()
    assert lost == []
