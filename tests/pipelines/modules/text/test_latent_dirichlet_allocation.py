"""Latent Dirichlet Allocation."""

import json

import numpy as np
import polars as pl
import pytest
from sklearn.decomposition import LatentDirichletAllocation
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer

from pipelines.catalogue.ports import Transform
from pipelines.modules.text import _allocating
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only, run

EXAMPLE = Example({"column": "make", "passes": 1, "topics": 2})
TITLES = dataset("artworks").frame.select("title").filter(pl.col("title").str.contains(r"\w\w")).gather_every(25)
PRIORS = {"doc_topic_prior": 0.01, "topic_word_prior": 0.01, "learning_method": "online", "batch_size": 32, "learning_decay": 0.5}
FOUND = {"topics": 3, "passes": 2}


def topics(table=TITLES, **settings):
    return run("text.latent_dirichlet_allocation", {"column": table.columns[0], **FOUND, **settings}, table=table)


@pytest.mark.parametrize("features", ["dictionary", "hashing"])
@pytest.mark.parametrize("normalize", [True, False])
def test_it_is_scikit_learn_on_real_titles(features, normalize):
    found = topics(features=features, bits=6, normalize=normalize, seed=7)
    words = {"ngram_range": (1, 2), "token_pattern": r"(?u)\b\w\w+\b"}
    vectorizer = (
        CountVectorizer(**words) if features == "dictionary" else HashingVectorizer(n_features=64, norm=None, alternate_sign=False, **words)
    )
    counts = vectorizer.fit_transform(TITLES["title"])
    plain = LatentDirichletAllocation(3, max_iter=2, random_state=7, **PRIORS).fit(counts)
    np.testing.assert_allclose(found["table"].frame[:, 1:].to_numpy(), plain.transform(counts, normalize=normalize), rtol=1e-9)
    wanted = plain.components_ / plain.components_.sum(axis=1, keepdims=True) if normalize else plain.components_
    np.testing.assert_allclose(found["features"].frame[:, 1:].to_numpy(), wanted.T, rtol=1e-9)
    if features == "dictionary":
        assert found["features"].frame["Feature"].to_list() == vectorizer.get_feature_names_out().tolist()
    assert found["report"].blocks[0]["rows"][-1][1] == pytest.approx(plain.perplexity(counts), rel=1e-9)


@pytest.mark.parametrize("features", ["dictionary", "hashing"])
def test_the_transform_gives_the_same_topics_of_other_texts(features):
    found = topics(features=features)
    kept = Transform(**json.loads(json.dumps(vars(found["transform"]))))
    again = only("transform.apply_transformation", transform=kept, table=TITLES.tail(9)).frame
    np.testing.assert_allclose(again[:, 1:].to_numpy(), found["table"].frame.tail(9)[:, 1:].to_numpy(), rtol=1e-12)
    assert only("transform.apply_transformation", transform=kept, table=TITLES.clear()).frame.schema == again.schema
    refuses("transform.apply_transformation", {}, "missing_columns", transform=kept, table=pl.DataFrame({"t": ["a"]}))


def test_two_topics_of_different_words_are_told_apart(notes):
    texts = ["red green blue colour", "blue red paint colour", "bread butter cheese", "cheese bread wine butter"] * 10
    found = topics(pl.DataFrame({"t": [*texts, None]}), topics=2, size=1, passes=20)
    shares = found["table"].frame["Topic 1"].round(1).to_list()
    assert set(shares[:40:4]) == set(shares[1:40:4]) != set(shares[2:40:4]) == set(shares[3:40:4]) and shares[40] == 0.5
    rows = found["report"].blocks[2]["rows"]
    assert {frozenset(row[2].split(", ")[:3]) & {"bread", "butter", "cheese"} for row in rows} == {
        frozenset({"bread", "butter", "cheese"}),
        frozenset(),
    }
    assert notes[-1] == "1 text without a known feature: all topics are equally probable."
    json.dumps(found["report"].blocks, allow_nan=False)


def test_a_small_dictionary_has_the_most_frequent(notes):
    found = topics(pl.DataFrame({"t": ["red red blue blue sea"]}), most=2, size=1)
    assert found["features"].frame["Feature"].to_list() == ["blue", "red"]
    assert notes == ["3 n-grams could be used; the 2 that occur most often are."]


@pytest.mark.parametrize("texts", [[], [None], ["", "!"], ["a b"]])
@pytest.mark.parametrize("features", ["dictionary", "hashing"])
def test_texts_without_words_are_refused(texts, features):
    table = pl.DataFrame({"t": texts}, schema={"t": pl.String})
    refuses("text.latent_dirichlet_allocation", {"column": "t", "features": features}, "no_words", table=table)


def test_what_is_refused(monkeypatch):
    table = pl.DataFrame({"t": ["some words"], "n": [1]})
    refuses("text.latent_dirichlet_allocation", {"column": "n"}, "not_a_text", table=table)
    refuses("text.latent_dirichlet_allocation", {"column": "t"}, "duplicate_column", table=table.with_columns(pl.lit(1).alias("Topic 1")))
    monkeypatch.setattr(_allocating, "MOST_WEIGHTS", 2)
    assert refuses("text.latent_dirichlet_allocation", {"column": "t"}, "too_large", table=table).param == "most"
