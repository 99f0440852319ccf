"""Sentence Embeddings."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

wordllama = pytest.importorskip("wordllama")
safetensors, tokenizers = pytest.importorskip("safetensors.numpy"), pytest.importorskip("tokenizers")
EXAMPLE = Example({"columns": ["make"], "dimensions": "64"})
FOLDER = Path(wordllama.__file__).parent


def embedded(texts, **settings):
    found = only("text.sentence_embeddings", settings, table=pl.DataFrame({"t": texts}, schema={"t": pl.String}))
    return found.frame.drop("t")


@pytest.mark.parametrize("dimensions", [64, 256])
@pytest.mark.parametrize("normalize", [True, False])
def test_it_is_the_mean_of_token_vectors_of_the_file(dimensions, normalize):
    titles = dataset("artworks").frame["title"].gather_every(60).to_list()
    weights = next(iter(safetensors.load_file(FOLDER / "weights" / "l2_supercat_256.safetensors").values())).astype(np.float32)[
        :, :dimensions
    ]
    tokenizer = tokenizers.Tokenizer.from_file(str(FOLDER / "tokenizers" / "l2_supercat_tokenizer_config.json"))
    wanted = np.stack([weights[tokenizer.encode(title, add_special_tokens=False).ids].mean(axis=0) for title in titles])
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True) if normalize else 1
    np.testing.assert_allclose(embedded(titles, dimensions=str(dimensions), normalize=normalize).to_numpy(), wanted, atol=1e-5)


def test_similar_meanings_are_near():
    cat, kitten, law = embedded(["a cat", "a kitten", "tax law"]).to_numpy()
    assert cat @ kitten > 0.4 > 0.2 > cat @ law


def test_missing_and_empty_texts_have_no_vector(notes):
    found = embedded([None, "", "🙂", "שלום", "a"], dimensions="64")
    assert found.dtypes == [pl.Float32] * 64
    assert found["t E1"].is_null().to_list() == [True, True, False, False, False]
    assert notes == ["“t”: no vector in 2 rows without a text."]
    assert embedded([], dimensions="64").shape == (0, 64)


def test_roles_stay_and_what_is_refused():
    table = Table(pl.DataFrame({"t": ["a"], "n": [1]}), {"n": ColumnRole("label")})
    assert only("text.sentence_embeddings", table=table).role("n").role == "label"
    refuses("text.sentence_embeddings", {"columns": ["n"]}, "not_a_text", table=table)
    refuses("text.sentence_embeddings", {}, "duplicate_column", table=pl.DataFrame({"t": ["a"], "t E1": [1]}))
