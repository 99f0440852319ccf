"""The checkpoint of a step: a file by the key of its result."""

import os
import time

import pytest

from pipelines.execution.checkpoint_file import CheckpointFile
from pipelines.execution.store import LocalStore


@pytest.fixture
def one(tmp_path):
    return CheckpointFile.of("key", LocalStore(tmp_path))


def test_each_attempt_of_a_key_finds_the_last_file(one, tmp_path):
    assert one.kept() is None
    for content in ("first", "second"):
        one.keep(lambda file, content=content: file.write_text(content))
    assert CheckpointFile.of("key", LocalStore(tmp_path)).kept().read_text() == "second"
    assert CheckpointFile.of("other", LocalStore(tmp_path)).kept() is None
    one.forget(), one.forget()
    assert one.kept() is None


def test_a_writer_that_fails_leaves_the_earlier_file_and_no_draft(one, tmp_path):
    one.keep(lambda file: file.write_text("first"))

    def fail(file):
        file.write_text("half")
        raise OSError

    with pytest.raises(OSError):
        one.keep(fail)
    assert one.kept().read_text() == "first"
    assert len(list((tmp_path / "scratch").iterdir())) == 1


def test_old_ones_are_deleted_with_the_drafts_of_the_store(one, tmp_path):
    one.keep(lambda file: file.write_text("first"))
    LocalStore(tmp_path).forget_scratch(time.time() - 3600)
    assert one.kept()
    os.utime(one.place, (1, 1))
    LocalStore(tmp_path).forget_scratch(time.time() - 3600)
    assert one.kept() is None
