"""Prose: which texts are prose, and that texts of few words make fewer topics."""

import numpy as np
import polars as pl
import pytest

from pipelines.modelling.encoders import code_columns, matrix_names, origins
from pipelines.modelling.features import PROSE, feature_frame
from pipelines.modelling.prose import prose

DRAW = np.random.default_rng(0)
WORDS = np.array("the a red blue house car runs stands slowly never often old new big".split())
TEXTS = [" ".join(DRAW.choice(WORDS, 8)) for _ in range(200)]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (TEXTS, "holds texts of 8 words"),
        (["Braund, Mr. Owen " + text for text in TEXTS], "holds texts of 11 words"),
        (["", None, *TEXTS], "holds texts of 8 words"),
        (TEXTS[:19], ""),
        (["a text that is the same in all rows"] * 200, ""),
        ([f"{place}" for place in range(200)], ""),
        ([f"192.168.0.{place}" for place in range(200)], ""),
        ([f"- - - - {'-' * place}" for place in range(200)], ""),
        ([f"{place % 28 + 1} March {1900 + place} at 10:00 in the morning" for place in range(200)], ""),
    ],
)
def test_texts_of_several_words_that_differ_are_prose(values, told):
    assert prose(pl.Series(values)) == told


@pytest.mark.parametrize(("texts", "topics"), [(TEXTS, len(WORDS)), ([f"w{place} x{place} y{place} z{place}" for place in range(25)], 24)])
def test_there_are_no_more_topics_than_words_or_rows(texts, topics):
    features = [("text", PROSE)]
    frame = feature_frame(pl.DataFrame({"text": texts}), features)
    columns = code_columns(frame, features)
    assert columns.fit_transform(frame).shape == (len(texts), topics)
    assert matrix_names(columns) == [f"text: topic {number}" for number in range(1, topics + 1)]
    assert set(matrix_names(columns, topics_apart=False)) == {"text (words)"} and origins(columns) == ["text"] * topics
