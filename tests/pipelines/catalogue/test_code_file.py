"""What counts of a file of code is kept beside its bytecode, and read again for exactly the same content."""

import ast
import os
import sys

import pytest

from pipelines.catalogue.code_file import Import, code_of

CODE = '''"""What it is."""

import math, json as text
from pathlib import Path


def f():
    """What it does."""
    from . import _shared
    return _shared
'''


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    file = tmp_path / "some.py"
    file.write_text(CODE)
    return file


def kept(file):
    return [path.name for path in file.parent.rglob("*.code*")]


@pytest.fixture
def parsed(monkeypatch):
    """The number of times that a file is parsed."""
    parse, times = ast.parse, []
    monkeypatch.setattr(ast, "parse", lambda text: times.append(text) or parse(text))
    return times


def test_imports_are_listed_wherever_they_are(file):
    assert code_of(file).imports == (Import("math"), Import("json"), Import("pathlib", 0, ("Path",)), Import("", 1, ("_shared",)))


def test_only_code_has_a_part_in_the_digest(file):
    first = code_of(file).digest
    file.write_text(CODE.replace("What", "Who").replace("def f", "# a comment\ndef f"))
    assert code_of(file).digest == first
    file.write_text(CODE.replace("return _shared", "return Path"))
    assert code_of(file).digest != first


def test_a_file_is_parsed_once(file, parsed):
    assert code_of(file) == code_of(file)
    assert len(parsed) == 1 and kept(file) == [f"some.{sys.implementation.cache_tag}.code"]


def test_other_content_of_the_same_size_and_time_is_parsed(file, parsed):
    first, times = code_of(file), file.stat()
    file.write_text(CODE.replace("def f", "def g"))
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert code_of(file).digest != first.digest and len(parsed) == 2


@pytest.mark.parametrize("damaged", [b"", b"{}", b'{"made_from": 1}', b"\xff"])
def test_a_damaged_file_is_made_again(file, parsed, damaged):
    first = code_of(file)
    next(file.parent.rglob("*.code")).write_bytes(damaged)
    assert code_of(file) == first == code_of(file)
    assert len(parsed) == 2


def test_what_another_version_of_the_reader_kept_is_not_used(file, parsed, monkeypatch):
    code_of(file)
    monkeypatch.setattr("pipelines.catalogue.code_file._reader", lambda: b"another")
    code_of(file)
    assert len(parsed) == 2


def test_where_nothing_can_be_written_it_is_parsed_each_time(file, parsed):
    (file.parent / "__pycache__").write_text("not a folder")
    assert code_of(file) == code_of(file)
    assert len(parsed) == 2


def test_who_wants_no_bytecode_gets_no_such_file_either(file, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    code_of(file)
    assert kept(file) == []
