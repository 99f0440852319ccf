"""Script Bundle, and the scripts that use it."""

import sys

import polars as pl
import pytest

from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only, run

EXAMPLE = Example({"files": "=== a.py ===\nx = 1\n"})
FILES = """\
=== helpers.py ===
from folder.more import ADDED
def double(x):
    return 2 * x + ADDED

=== folder/more.py ===
ADDED = 1
=== helpers.R ===
double <- function(x) 2 * x + read.csv("data/added.csv")$added
=== data/added.csv ===
added
1
"""


def bundle(files=FILES):
    return only("script.bundle", {"files": files})


def test_files_start_with_their_names():
    assert bundle("=== a.py ===\nx = 1\n\n===   b/c.txt===\n\n=== not one\n").files == {"a.py": b"x = 1\n\n", "b/c.txt": b"\n=== not one\n"}
    assert bundle("\n=== a ===").files == {"a": b""}


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ("x = 1", "The first line does not name a file."),
        ("x = 1\n=== a ===", "The first line does not name a file."),
        ("=== ../a ===", "The bundle has the path “../a”, which does not stay within it."),
        ("=== a ===\n=== a ===", "The bundle has the file “a” twice."),
    ],
)
def test_wrong_files_are_named(files, words):
    wrong = refuses("script.bundle", {"files": files}, "bad_bundle")
    assert (wrong.words, wrong.param) == (words, "files")


def test_python_imports_and_reads_them_and_forgets_them():
    before = list(sys.path)
    code = "from helpers import double\ndef main():\n    return {'a': [double(1)], 'b': [(easel.bundle / 'data/added.csv').read_text()]}"
    for added in (1, 5):
        made = run("script.python", {"code": code}, bundle=bundle(FILES.replace("ADDED = 1", f"ADDED = {added}")))["first"].frame
        assert made.rows() == [(2 + added, "added\n1\n")]
    assert sys.path == before and "helpers" not in sys.modules and "folder.more" not in sys.modules


def test_a_bundle_replaces_no_package():
    made = run(
        "script.python", {"code": "import json\ndef main():\n    return {'a': [json.dumps(1)]}"}, bundle=bundle("=== json.py ===\nx = 1")
    )
    assert made["first"].frame["a"].to_list() == ["1"]


def test_r_has_them_in_its_working_directory():
    code = "source('helpers.R')\nmain <- function(t) { t$a <- double(t$a); t }"
    made = run("script.r", {"code": code}, first=pl.DataFrame({"a": [1, 2]}), bundle=bundle())
    assert made["first"].frame["a"].to_list() == [3, 5]


def test_the_files_of_an_archive_and_written_ones():
    archive = pl.DataFrame({"path": ["a.py", "b/c.bin", None], "bytes": [1, 2, 3], "content": [b"x", b"\x00\xff", b"lost"]})
    assert only("script.bundle", {"files": "=== d ===\ny"}, table=archive).files == {"a.py": b"x", "b/c.bin": b"\x00\xff", "d": b"y"}
    texts = pl.DataFrame({"path": ["a"], "content": ["ä"]})
    assert only("script.bundle", {}, table=texts).files == {"a": "ä".encode()}


@pytest.mark.parametrize(
    ("table", "files", "code"),
    [
        (pl.DataFrame({"path": ["a"]}), "", "not_files"),
        (pl.DataFrame({"path": [1], "content": [b""]}), "", "not_files"),
        (pl.DataFrame({"path": ["../a"], "content": [b""]}), "", "bad_bundle"),
        (pl.DataFrame({"path": ["a", "a"], "content": [b"", b""]}), "", "bad_bundle"),
        (pl.DataFrame({"path": ["a"], "content": [b""]}), "=== a ===", "bad_bundle"),
        (pl.DataFrame({"path": ["a"], "content": [bytes(65 * 1024**2)]}), "", "bad_bundle"),
    ],
)
def test_a_table_that_is_no_bundle_is_refused(table, files, code):
    refuses("script.bundle", {"files": files}, code, table=table)


def test_nothing_to_bundle():
    refuses("script.bundle", {}, "no_data")
