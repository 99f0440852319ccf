"""A far store: of every machine's writing, checked when it is read, with a bounded folder of copies; in memory and on S3."""

import os
import time
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from blake3 import blake3
from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem

from pipelines.execution import remote
from pipelines.execution.remote import BoundedCache, RemoteStore
from pipelines.execution.store import LARGE, Damaged, StoreUnavailable


@pytest.fixture(scope="module")
def s3():
    """An S3 on this machine, found as people's is: by environment."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        boto3.client("s3").create_bucket(Bucket="easel")
        yield boto3.client("s3")
    server.stop()


@pytest.fixture(params=["memory", "s3", "aside"])
def far(request, tmp_path, monkeypatch):
    """Stores of several machines that share one far folder. `aside` is one where half a file could be seen."""
    if request.param == "s3":
        request.getfixturevalue("s3")
    if request.param == "aside":
        monkeypatch.setattr(remote, "WHOLE_AT_ONCE", frozenset())
    url = f"s3://easel/{uuid4().hex}" if request.param == "s3" else f"memory://easel-{uuid4().hex}"
    return lambda machine, most=None: RemoteStore(url, tmp_path / machine / "scope", most)


def keep(store, data=b"data"):
    file = store.scratch()
    file.write_bytes(data)
    return store.keep(file)


def spoil(store, digest, data=b"dbta"):
    with store._files.open(store._place(digest), "wb") as file:
        file.write(data)


def copies(tmp_path, machine):
    return sorted(path.name for path in (tmp_path / machine).glob("scope/??/*"))


@pytest.mark.parametrize("keep", [keep, RemoteStore.keep_bytes])
def test_what_one_machine_keeps_another_reads(far, keep):
    digest, size = keep(far("one"), b"data")
    assert (far("two").path(digest).read_bytes(), size) == (b"data", 4)
    assert far("two").has(digest)


def test_a_file_of_another_machine_is_renewed_and_a_lost_one_is_not(far):
    digest, _ = keep(far("one"))
    store = far("two")
    assert store.renew(digest) and {file.digest for file in store.files()} == {digest}
    assert not store.renew(blake3(b"other").hexdigest())


def test_what_nobody_kept_is_damaged(far):
    store = far("one")
    assert not store.has(blake3(b"never").hexdigest())
    with pytest.raises(Damaged):
        store.path(blake3(b"never").hexdigest())


def test_to_ask_whether_it_is_there_fetches_nothing(far, tmp_path):
    digest, _ = keep(far("one"))
    two = far("two")
    assert (two.known(digest), two.has(digest), two.known(digest)) == (None, True, True)
    assert copies(tmp_path, "two") == []


def test_what_is_not_there_is_known_not_to_be_once_somebody_looked(far):
    store = far("one")
    assert (store.known("0" * 64), store.has("0" * 64), store.known("0" * 64)) == (None, False, False)
    digest, _ = keep(far("two"))
    assert (store.has(digest), store.known(digest)) == (True, True)


def test_a_far_file_with_other_bytes_is_refused_and_is_gone_until_it_is_kept_again(far):
    digest, _ = keep(far("one"))
    spoil(far("one"), digest)
    with pytest.raises(Damaged):
        far("two").path(digest)
    assert not far("two").has(digest)
    keep(far("two"))
    assert far("three").path(digest).read_bytes() == b"data"


def test_a_download_that_breaks_off_harms_nothing(far, monkeypatch):
    digest, _ = keep(far("one"))
    two = far("two")
    with monkeypatch.context() as patch, pytest.raises(OSError, match="only 2 of the 4 bytes"):
        patch.setattr(two._files, "get_file", lambda _, local: Path(local).write_bytes(b"da"))
        two.path(digest)
    assert far("three").path(digest).read_bytes() == b"data"


def test_a_spoiled_copy_is_fetched_again(far):
    digest, _ = keep(far("one"))
    far("one").path(digest).write_bytes(b"spoiled")
    assert far("one").path(digest).read_bytes() == b"data"


@pytest.mark.parametrize("left", [None, b"short"])
def test_what_the_far_store_lost_is_put_there_again_from_a_copy(far, left):
    one = far("one")
    digest, _ = keep(one)
    one._files.rm_file(one._place(digest))
    if left:
        spoil(one, digest, left)
    assert far("one").has(digest)
    assert far("two").path(digest).read_bytes() == b"data"


def test_a_dropped_far_store_is_gone_for_all(far):
    store = far("one")
    digest, _ = keep(store)
    store.drop()
    assert (store.has(digest), far("two").has(digest)) == (False, False)
    store.drop()


def test_a_bucket_is_made_when_the_first_file_comes(s3, tmp_path):
    bucket = f"new-{uuid4().hex[:8]}"
    digest, _ = keep(RemoteStore(f"s3://{bucket}/easel", tmp_path / "one" / "scope"))
    assert RemoteStore(f"s3://{bucket}/easel", tmp_path / "two" / "scope").path(digest).read_bytes() == b"data"


@pytest.mark.slow
def test_a_large_file_goes_in_parts_and_comes_whole(s3, tmp_path):
    one = RemoteStore("s3://easel/large", tmp_path / "one" / "scope")
    data = os.urandom(101 * 1024**2)
    digest, size = keep(one, data)
    assert "-" in s3.head_object(Bucket="easel", Key=f"large/{digest[:2]}/{digest}")["ETag"], "kept by a multipart upload"
    assert RemoteStore("s3://easel/large", tmp_path / "two" / "scope").path(digest).read_bytes() == data
    assert size == len(data)


def test_files_are_listed_and_removed_unless_they_were_kept_again(far, monkeypatch):
    one = far("one")
    old, other = keep(one, b"old")[0], keep(one, b"other")[0]
    assert {file.digest: file.bytes for file in far("two").files()} == {old: 3, other: 5}
    assert all(abs(file.since - time.time()) < 60 for file in one.files())
    two = far("two")
    assert two.remove([old, "0" * 64], before=time.time() - 60) == (0, 0)
    assert two.remove([old, "0" * 64], before=time.time() + 60) == (1, 3)
    assert ([file.digest for file in one.files()], two.has(old), two.has(other)) == ([other], False, True)


def test_keeping_bytes_again_makes_the_far_file_new(far, monkeypatch):
    one, puts = far("one"), []
    digest, _ = one.keep_bytes(b"data")
    monkeypatch.setattr(one, "_put", puts.append)
    assert (one.keep_bytes(b"data"), puts) == ((digest, 4), [digest])


def test_keeping_a_large_file_again_makes_it_new(far, monkeypatch):
    one = far("one")
    digest, _ = keep(one, b"x" * (LARGE + 1))
    puts = []
    monkeypatch.setattr(one, "_put", puts.append)
    keep(one, b"x" * (LARGE + 1))
    assert puts == [], "it was kept a moment ago"
    monkeypatch.setattr(remote, "FRESH_SECONDS", -1)
    keep(one, b"x" * (LARGE + 1))
    assert puts == [digest]


@pytest.mark.slow
def test_copies_stay_within_their_limit_and_the_far_store_has_all(far, tmp_path, monkeypatch):
    monkeypatch.setattr(remote, "IN_USE_SECONDS", 0)
    store = far("one", 1000)
    digests = [keep(store, bytes([number]) * 100)[0] for number in range(30)]
    assert 5 <= len(copies(tmp_path, "one")) <= 11
    assert all(len(store.path(digest).read_bytes()) == 100 for digest in digests)


def test_the_copy_used_longest_ago_goes_and_one_in_use_never(tmp_path):
    files = [tmp_path / "scope" / "aa" / str(number) for number in range(4)]
    files[0].parent.mkdir(parents=True)
    for number, file in enumerate(files):
        file.write_bytes(b"x" * 100)
        os.utime(file, (1000 + number, 1000))
    bounded = BoundedCache(tmp_path, 250)
    bounded.used(files[0])
    bounded.added(100)
    assert [file.exists() for file in files] == [True, False, False, True]
    for file in files:
        file.write_bytes(b"x" * 100)
        bounded.used(file)
    BoundedCache(tmp_path, 10).added(1)
    assert all(file.exists() for file in files)


@pytest.mark.slow
def test_a_far_side_that_does_not_answer_is_told_as_such(s3, tmp_path, monkeypatch):
    mine, here = f"s3://easel/{uuid4().hex}", tmp_path / "scope"
    digest, _ = keep(RemoteStore(mine, here))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    S3FileSystem.clear_instance_cache()
    with pytest.raises(StoreUnavailable):
        RemoteStore(mine, tmp_path / "other").path(digest)
    with pytest.raises(StoreUnavailable):
        keep(RemoteStore(mine, here), b"more")
    S3FileSystem.clear_instance_cache()
