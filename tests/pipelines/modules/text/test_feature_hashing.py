"""Feature Hashing."""

import json

import polars as pl
import pytest
from sklearn.feature_extraction import FeatureHasher
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.utils import murmurhash3_32

from pipelines.catalogue.ports import ColumnRole, Table, Transform
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only, run

EXAMPLE = Example({"columns": ["make", "body-style"], "bits": 4})
TITLES = dataset("artworks").frame.select("title").gather_every(4)


@pytest.mark.parametrize(("size", "signed"), [(1, False), (2, False), (2, True)])
def test_it_is_the_hashing_of_scikit_learn_on_real_titles(size, signed):
    plain = HashingVectorizer(n_features=256, norm=None, alternate_sign=signed, ngram_range=(1, size), token_pattern=r"(?u)\b\w+\b")
    found = only("text.feature_hashing", {"bits": 8, "size": size, "signed": signed, "keep": False}, table=TITLES).frame
    assert (found.to_numpy() == plain.transform(TITLES["title"]).toarray()).all()


def test_it_is_the_feature_hasher_and_murmur_3():
    found = only("text.feature_hashing", {"bits": 4, "size": 1, "keep": False}, table=pl.DataFrame({"t": ["Red sea red", None, "🙂 !"]}))
    wanted = FeatureHasher(16, input_type="string", alternate_sign=False).transform([["red", "sea", "red"]]).toarray()
    assert found.frame.to_numpy()[0].tolist() == wanted[0].tolist() and not found.frame[1:].to_numpy().any()
    assert found.frame[f"t.hash_{abs(murmurhash3_32('red')) % 16}"][0] >= 2


def test_the_transform_and_several_columns():
    table = Table(pl.DataFrame({"a": ["x y"], "b": ["x"], "y": ["z"]}), {"y": ColumnRole("label")})
    found = run("text.feature_hashing", {"bits": 1}, table=table)
    assert found["table"].frame.columns == ["a", "b", "y", "a.hash_0", "a.hash_1", "b.hash_0", "b.hash_1"]
    assert found["table"].role("y").role == "label"
    kept = Transform(**json.loads(json.dumps(vars(found["transform"]))))
    assert only("transform.apply_transformation", transform=kept, table=table).frame.equals(found["table"].frame)
    refuses("transform.apply_transformation", {}, "missing_columns", transform=kept, table=pl.DataFrame({"a": ["x"]}))


@pytest.mark.parametrize("texts", [[], [None], [""], ["a" * 10**6], ["a b " * 10**5], ["\x00\ud7ff"]])
def test_strange_texts_are_answered(texts):
    table = pl.DataFrame({"t": texts}, schema={"t": pl.String})
    assert only("text.feature_hashing", {"bits": 2}, table=table).frame.shape == (len(texts), 5)


def test_what_is_refused():
    texts = pl.DataFrame({"t": ["a"], "u": ["b"], "n": [1]})
    assert refuses("text.feature_hashing", {"bits": 13}, "too_many_columns", table=texts).param == "bits"
    refuses("text.feature_hashing", {"columns": ["n"]}, "not_a_text", table=texts)
    refuses("text.feature_hashing", {}, "no_columns", table=texts.select("n"))
    refuses("text.feature_hashing", {"bits": 1}, "duplicate_column", table=texts.with_columns(pl.lit(1).alias("t.hash_1")))
