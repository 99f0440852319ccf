"""Three hundred broken files: each is told by a code, a sentence and a remedy, and leaves nothing behind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.formats import format_of
from designer.datasets.parsing.parse import parse
from tests.designer.datasets.parsing.broken import all_broken
from tests.designer.datasets.parsing.broken_file import Broken

ALL = all_broken()
PLACED = {"ragged_rows", "unclosed_quote", "binary"}


def test_there_are_three_hundred() -> None:
    assert len(ALL) >= 300


@pytest.mark.parametrize("case", ALL, ids=[f"{number}-{case.what[:40]}" for number, case in enumerate(ALL)])
def test_is_refused_with_words_and_a_remedy(case: Broken, tmp_path: Path) -> None:
    file, out = tmp_path / "upload", tmp_path / "out"
    file.write_bytes(case.content)
    with pytest.raises(Unreadable) as refused:
        parse(file, format_of(case.name), out)
    error = refused.value
    assert error.code in case.codes, error.words
    assert (error.words[-1] == "." and len(error.words) < 400 and error.remedy[-1] in ".:") or error.remedy
    assert not re.search(r"Traceback|Error\(|polars|pyarrow|/tmp", error.words + error.remedy), error.words
    if error.code in PLACED:
        assert re.search(r"[Ll]ine [\d,]+", error.words), error.words
    assert [left.name for left in tmp_path.iterdir() if left != file] == []
