"""Answers that are kept."""

from __future__ import annotations

import polars as pl

from pipelines.preview.cache import PreviewCache
from pipelines.preview.profile import profile


def test_an_answer_is_made_once_while_it_is_kept() -> None:
    made: list[str] = []
    kept: PreviewCache[str] = PreviewCache(6, len)

    def ask(key: str) -> str:
        def make() -> str:
            made.append(key)
            return key

        return kept.get(key, make)

    for key in ("aaa", "bbb", "aaa", "ccc", "aaa", "bbb", "aaa", "too long", "too long"):
        assert ask(key) == key
    assert made == ["aaa", "bbb", "ccc", "bbb", "too long", "too long"]


def test_without_a_key_nothing_is_kept() -> None:
    kept: PreviewCache[object] = PreviewCache(10, lambda _: 1)
    assert kept.get(None, object) is not kept.get(None, object)


def test_a_profile_is_kept_under_the_tables_content() -> None:
    frame = pl.DataFrame({"a": [1, 2]})
    assert profile(frame, key="content") is profile(frame.clear(), key="content")
    assert profile(frame) is not profile(frame)
