"""Buckets and folders: what is found, fetched and written, with a bucket in this process."""

from dataclasses import replace

import boto3
import pytest
from moto.server import ThreadedMotoServer

from pipelines.catalogue.connection import Connection, ConnectionKind, Secret
from pipelines.catalogue.errors import ModuleError
from pipelines.outside import storage
from pipelines.outside.reach import Reach, reaching

HERE = Reach(hosts=("127.0.0.1",))


@pytest.fixture(scope="module")
def endpoint():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def client(endpoint):
    keys = {"aws_access_key_id": "AKIA", "aws_secret_access_key": "word", "region_name": "us-east-1"}
    made = boto3.client("s3", endpoint_url=endpoint, **keys)
    made.create_bucket(Bucket="sales")
    for name in ("2026/a.csv", "2026/b.csv", "2026/deep/c.csv", "other.csv"):
        made.put_object(Bucket="sales", Key=name, Body=name.encode())
    return made


@pytest.fixture
def bucket(endpoint, client):
    with reaching(HERE):
        yield Connection("s", ConnectionKind.S3, "s3://sales/2026", "AKIA", endpoint, Secret("word"))


def refused(action, *arguments, **more):
    with pytest.raises(ModuleError) as caught:
        action(*arguments, **more)
    assert caught.value.words and caught.value.remedy and "word" not in caught.value.words
    return caught.value.code


def test_the_objects_that_match_are_found_and_fetched(bucket, tmp_path):
    found = storage.find(bucket, "**/*.csv")
    assert [each.path for each in found] == ["a.csv", "b.csv", "deep/c.csv"]
    assert [each.path for each in storage.find(bucket, "*.csv")] == ["a.csv", "b.csv"]
    found[2].fetch(tmp_path / "c")
    assert (tmp_path / "c").read_text() == "2026/deep/c.csv"


def test_the_state_of_a_bucket_changes_with_its_objects(bucket, client):
    before = storage.state_of(bucket, "b*")
    assert storage.state_of(bucket, "b*") == before
    client.put_object(Bucket="sales", Key="2026/b.csv", Body=b"changed")
    assert storage.state_of(bucket, "b*") != before


@pytest.mark.slow
def test_an_object_is_written_once_and_replaced_on_request(bucket, client, tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("1")
    other.write_text("2")
    assert storage.write(bucket, "out/x.csv", one, replace=False) == "s3://sales/2026/out/x.csv"
    storage.write(bucket, "out/x.csv", one, replace=False)
    assert refused(storage.write, bucket, "out/x.csv", other, replace=False) == "file_exists"
    storage.write(bucket, "out/x.csv", other, replace=True)
    assert client.get_object(Bucket="sales", Key="2026/out/x.csv")["Body"].read() == b"2"


def test_a_service_that_is_not_allowed_is_not_asked(bucket):
    with reaching(Reach()):
        assert refused(storage.find, bucket, "*") == "address_not_allowed"


def test_a_bucket_that_does_not_exist_is_said_without_the_key(bucket):
    assert refused(storage.find, replace(bucket, address="s3://none"), "*.csv") in ("no_files", "storage_refused")
    assert refused(storage.count, replace(bucket, address="s3://none")) == "storage_refused"


def test_the_credentials_of_the_machine_are_never_used(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of the worker")
    files, _ = storage.bucket(Connection("s", ConnectionKind.S3, "s3://sales"))
    assert files.anon and files.key is None


@pytest.mark.parametrize("pattern", ["../a", "/etc/*", "a/../../b", "a\x00b"])
def test_no_pattern_leads_out(bucket, pattern):
    assert refused(storage.find, bucket, pattern) == "bad_path"


def test_a_folder_has_the_files_that_are_really_in_it(tmp_path):
    place = tmp_path / "place"
    (place / "sub").mkdir(parents=True)
    (place / "sub" / "a.csv").write_text("a")
    (tmp_path / "secret.csv").write_text("no")
    (place / "link.csv").symlink_to(tmp_path / "secret.csv")
    folder = Connection("f", ConnectionKind.FOLDER, str(place))
    with reaching(Reach(read_folders=(tmp_path / "place",))):
        assert [each.path for each in storage.find(folder, "**/*.csv")] == ["sub/a.csv"]
        assert refused(storage.find, replace(folder, address=str(tmp_path)), "*") == "folder_not_allowed"
        assert refused(storage.write, folder, "x.csv", place / "sub" / "a.csv", replace=True) == "folder_not_allowed"


def test_files_that_are_too_large_together_are_not_fetched(tmp_path):
    (tmp_path / "a").write_text("x" * 2000)
    with reaching(Reach(read_folders=(tmp_path,), most_bytes=1000)):
        assert refused(storage.find, Connection("f", ConnectionKind.FOLDER, str(tmp_path)), "*") == "too_large"


def test_what_a_killed_attempt_has_left_is_not_read_and_goes_with_the_next(tmp_path, monkeypatch):
    (tmp_path / "table").write_text("a")
    folder = Connection("f", ConnectionKind.FOLDER, str(tmp_path / "out"))
    (tmp_path / "out").mkdir()
    here = Reach(read_folders=(tmp_path,), write_folders=(tmp_path,), step="run/node")
    with reaching(here), monkeypatch.context() as killed:
        killed.setattr(storage.Path, "unlink", lambda *_, **__: None)
        killed.setattr(storage.os, "fsync", lambda _: 1 / 0)
        with pytest.raises(ModuleError):
            storage.write(folder, "a.csv", tmp_path / "table", replace=True)
    (left,) = (tmp_path / "out").iterdir()
    with reaching(here):
        assert refused(storage.find, folder, "*") == "no_files"
        assert [each.path for each in storage.find(folder, ".*")] == [left.name]
    with reaching(replace(here, step="another/node")):
        storage.write(folder, "b.csv", tmp_path / "table", replace=True)
        assert left.exists(), "another step may be writing it"
    with reaching(here):
        storage.write(folder, "a.csv", tmp_path / "table", replace=True)
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["a.csv", "b.csv"]
