"""Convert Word to Vector."""

import json
import re
from collections import Counter

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.ports import Transform
from pipelines.modules.text import _embedding
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only, run

EXAMPLE = Example({"column": "make", "dimensions": 2, "fewest": 1})
TITLES = dataset("artworks").frame.select("title").gather_every(2)


def embedded(table=TITLES, **settings):
    return run("text.convert_word_to_vector", {"column": table.columns[0], "dimensions": 10} | settings, table=table)


def by_hand(window, smoothing, fewest):
    """Counted, divided and decomposed by plain Python and NumPy."""
    texts = [re.findall(r"\w+", title.lower()) for title in TITLES["title"]]
    often = Counter(word for text in texts for word in text)
    words = sorted((word for word in often if often[word] >= fewest), key=lambda word: (-often[word], word))
    place = {word: at for at, word in enumerate(words)}
    counts = np.zeros((len(words), len(words)))
    for text in texts:
        known = [place[word] for word in text if word in place]
        for at, word in enumerate(known):
            for other in known[at + 1 : at + 1 + window]:
                counts[word, other] += 1
                counts[other, word] += 1
    rows = counts.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        information = np.log(counts * (rows**smoothing).sum() / np.outer(rows, rows**smoothing))
    return words, np.where(information > 0, information, 0)


@pytest.mark.parametrize(("window", "smoothing", "dense"), [(5, 0.75, 1000), (2, 1, 10)])
def test_vectors_are_the_decomposition_of_counts_by_hand(window, smoothing, dense, monkeypatch):
    monkeypatch.setattr(_embedding, "DENSE", dense)
    found = embedded(window=window, smoothing=smoothing, fewest=20)["table"].frame
    words, information = by_hand(window, smoothing, 20)
    assert found["Word"].to_list() == words
    left, singular, _ = np.linalg.svd(information)
    wanted = left[:, :10] * np.sqrt(singular[:10])
    wanted *= np.sign(wanted[np.abs(wanted).argmax(axis=0), range(10)])
    np.testing.assert_allclose(found[:, 1:].to_numpy(), wanted, atol=1e-9)


def test_words_with_the_same_neighbours_are_nearest():
    texts = [f"{colour} {thing}" for colour in ("red", "blue", "green") for thing in ("house", "sea", "field")] * 5
    report = embedded(pl.DataFrame({"t": texts}), dimensions=2, fewest=1)["report"]
    near = {row[0]: row[2].split(" ")[0] for row in report.blocks[1]["rows"]}
    assert near["red"] in ("blue", "green") and near["sea"] in ("house", "field")
    json.dumps(report.blocks, allow_nan=False)


def test_a_text_has_the_mean_vector_of_its_words(notes):
    words = embedded(fewest=20)
    vectors = {row[0]: np.array(row[1:]) for row in words["table"].frame.rows()}
    new = pl.DataFrame({"title": ["Title title OF zzz", "zzz", None]})
    kept = Transform(**json.loads(json.dumps(vars(words["transform"]))))
    found = only("transform.apply_transformation", transform=kept, table=new).frame
    np.testing.assert_allclose(np.array(found.row(0)[1:]), (2 * vectors["title"] + vectors["of"]) / 3, atol=1e-12)
    assert found[1:, 1:].null_count().row(0) == (2,) * 10 and notes[-1] == "2 texts without a known word have no vector."
    assert only("transform.apply_transformation", transform=kept, table=new.clear()).frame.schema == found.schema
    texts = embedded(rows="texts", fewest=20)["table"].frame
    assert texts.columns == ["title", *(f"title V{at}" for at in range(1, 11))]
    assert texts.tail(5).equals(only("transform.apply_transformation", transform=kept, table=TITLES.tail(5)).frame)


@pytest.mark.parametrize("texts", [[], [None], [""], ["a b"], ["a"] * 100, ["a" * 10**6]])
def test_texts_that_say_too_little_are_refused(texts):
    refuses("text.convert_word_to_vector", {"column": "t"}, "too_few", table=pl.DataFrame({"t": texts}, schema={"t": pl.String}))


def test_what_is_refused(monkeypatch):
    table = pl.DataFrame({"t": ["a", "b"] * 9, "n": 1})
    refuses("text.convert_word_to_vector", {"column": "n"}, "not_a_text", table=table)
    refuses("text.convert_word_to_vector", {"column": "t", "dimensions": 2}, "does_not_vary", table=table)
    monkeypatch.setattr(_embedding, "MOST_NUMBERS", 3)
    refuses("text.convert_word_to_vector", {"column": "t", "dimensions": 2}, "too_large", table=table)
