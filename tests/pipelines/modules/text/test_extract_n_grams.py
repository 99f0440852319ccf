"""Extract N-Gram Features from Text."""

import json

import numpy as np
import polars as pl
import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from pipelines.catalogue.ports import ColumnRole, Table, Transform
from pipelines.modelling import words
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only, run

EXAMPLE = Example({"column": "make"})
TITLES = dataset("artworks").frame.select("title").gather_every(2)
TEXTS = TITLES["title"].to_list()
WORDS = {"token_pattern": r"(?u)\b\w{3,25}\b", "min_df": 5}
SMALL = pl.DataFrame({"t": ["red house", "Red red sea", "blue sea", None]})


def extracted(table=TITLES, **settings):
    column = (table.frame if isinstance(table, Table) else table).columns[0]
    inputs = {name: settings.pop(name) for name in ("vocabulary",) if name in settings}
    return run("text.extract_n_grams", {"column": column} | settings, table=table, **inputs)


def features(found):
    return found["table"].frame.drop("title", "t", strict=False)


@pytest.mark.parametrize(
    ("settings", "vectorizer"),
    [
        ({"weighting": "binary"}, CountVectorizer(**WORDS, binary=True)),
        ({"weighting": "tf", "size": 3}, CountVectorizer(**WORDS, ngram_range=(1, 3))),
        ({"weighting": "tf", "size": 2, "smallest": 2, "lower_case": False}, CountVectorizer(**WORDS, ngram_range=(2, 2), lowercase=False)),
        ({"weighting": "tf", "units": "char_wb", "size": 3, "smallest": 3, "fewest": 100}, CountVectorizer(analyzer="char_wb", ngram_range=(3, 3), min_df=100)),
        ({"weighting": "tf", "fewest": 1, "share": 0.01, "most": 10_000}, CountVectorizer(token_pattern=WORDS["token_pattern"], max_df=0.01)),
    ],
)  # fmt: skip
def test_counts_are_those_of_scikit_learn(settings, vectorizer):
    wanted = vectorizer.fit_transform(TEXTS)
    found = features(extracted(**settings, keep=False))
    assert found.columns == [f"title.[{n_gram}]" for n_gram in vectorizer.get_feature_names_out()]
    assert (found.to_numpy() == wanted.toarray()).all() and set(found.dtypes) == {
        pl.UInt8 if settings["weighting"] == "binary" else pl.Int32
    }


@pytest.mark.parametrize("normalize", [True, False])
def test_weights_are_those_of_scikit_learn(normalize):
    plain = TfidfVectorizer(**WORDS, smooth_idf=False, norm=None).fit(TEXTS)
    idf, counts = plain.idf_ - 1, CountVectorizer(**WORDS).fit_transform(TEXTS).toarray()  # scikit-learn adds 1 to every IDF
    found = extracted(weighting="tf_idf", normalize=normalize)
    np.testing.assert_allclose(found["vocabulary"].frame["IDF"], idf, rtol=1e-12)
    assert found["vocabulary"].frame["NGram"].to_list() == plain.get_feature_names_out().tolist()
    assert found["vocabulary"].frame["DF"].to_list() == (counts > 0).sum(axis=0).tolist()
    for wanted, ours in ((counts * idf, found), ((counts > 0) * idf, extracted(weighting="idf", normalize=normalize))):
        length = np.linalg.norm(wanted, axis=1, keepdims=True)
        np.testing.assert_allclose(features(ours).to_numpy(), wanted / np.where(length, length, 1) if normalize else wanted, atol=1e-9)


def test_the_transform_and_read_only_give_the_features_of_new_texts(notes):
    found = extracted(TITLES.head(1500), size=2, weighting="tf_idf", keep=False)
    kept, new = Transform(**json.loads(json.dumps(vars(found["transform"])))), TITLES.tail(500)
    again = only("transform.apply_transformation", transform=kept, table=new).frame
    idf = dict(found["vocabulary"].frame.select("NGram", "IDF").rows())
    plain = CountVectorizer(token_pattern=WORDS["token_pattern"], ngram_range=(1, 2), vocabulary=list(idf)).transform(new["title"])
    np.testing.assert_allclose(again.to_numpy(), plain.toarray() * np.array(list(idf.values())), atol=1e-12)
    assert notes[-1] == f"{(plain.sum(axis=1) == 0).sum()} texts without any of the n-grams."
    read = extracted(new, mode="read", weighting="tf_idf", keep=False, vocabulary=found["vocabulary"])
    assert read["table"].frame.equals(again) and read["vocabulary"].frame.equals(found["vocabulary"].frame)
    refuses("transform.apply_transformation", {}, "missing_columns", transform=kept, table=SMALL)
    empty = extracted(new.clear(), mode="read", weighting="tf_idf", keep=False, normalize=True, vocabulary=found["vocabulary"])
    assert empty["table"].frame.schema == again.schema
    refuses("transform.apply_transformation", {}, "not_a_text", transform=kept, table=pl.DataFrame({"title": [1]}))


def test_merging_halves_is_the_whole(notes):
    first, second = SMALL.head(2), SMALL.tail(2)
    old = extracted(first, fewest=1, weighting="tf_idf")["vocabulary"]
    found = extracted(second, mode="merge", fewest=1, weighting="tf_idf", vocabulary=old)
    whole = extracted(SMALL, fewest=1, weighting="tf_idf")
    assert found["vocabulary"].frame.equals(whole["vocabulary"].frame)
    assert found["table"].frame.equals(whole["table"].frame.tail(2))
    assert "1 n-gram added to 3 of the vocabulary, which was made of 2 texts." in notes


def test_more_n_grams_than_wanted_are_told_and_the_most_frequent_stay(notes):
    found = extracted(SMALL, fewest=1, most=2)
    assert features(found).columns == ["t.[red]", "t.[sea]"]
    assert notes == ["“t” is missing in 1 row, which counts as without words.", "4 n-grams could be used; the 2 that occur most often are."]


def test_words_of_every_script_stay_whole():
    texts = pl.DataFrame({"t": ["हिन्दी भाषा", "שָׁלוֹם עוֹלָם", "naïve nai\u0308ve", "می‌خواهم", "🙂🙂🙂 日本語"]})
    found = extracted(texts, fewest=1)["vocabulary"].frame["NGram"].to_list()
    assert set(found) == {"हिन्दी", "भाषा", "שָׁלוֹם", "עוֹלָם", "naïve", "nai\u0308ve", "می‌خواهم", "日本語"}


def test_roles_stay():
    table = Table(SMALL.with_columns(y=pl.lit(1)), {"y": ColumnRole("label")})
    assert extracted(table, fewest=1)["table"].role("y").role == "label"


def vocabulary(**columns):
    return pl.DataFrame({"ID": [0], "NGram": ["red"], "DF": [1], "IDF": [0.5]} | columns)


@pytest.mark.parametrize(
    ("settings", "given", "code"),
    [
        ({"mode": "read"}, None, "no_vocabulary"),
        ({"mode": "read"}, vocabulary().drop("IDF"), "bad_vocabulary"),
        ({"mode": "read"}, vocabulary(DF=["x"]), "bad_vocabulary"),
        ({"mode": "read"}, vocabulary(IDF=[None]), "bad_vocabulary"),
        ({"mode": "read"}, vocabulary(IDF=[float("nan")]), "bad_vocabulary"),
        ({"mode": "merge"}, vocabulary(DF=[0]), "bad_vocabulary"),
        ({"mode": "merge"}, vocabulary().clear(), "bad_vocabulary"),
        ({"mode": "read"}, pl.concat([vocabulary(), vocabulary()]), "bad_vocabulary"),
        ({"column": "n"}, None, "not_a_text"),
        ({"fewest": 9}, None, "no_n_grams"),
        ({"shortest": 9, "longest": 5}, None, "bad_range"),
        ({"smallest": 2}, None, "bad_range"),
    ],
)
def test_what_is_refused(settings, given, code):
    table = SMALL.with_columns(n=pl.lit(1))
    refuses("text.extract_n_grams", {"column": "t"} | settings, code, table=table, **({} if given is None else {"vocabulary": given}))


def test_what_is_too_wide_or_too_large(monkeypatch):
    words_ = [f"w{at}" for at in range(10_001)]
    given = pl.DataFrame({"NGram": words_, "DF": [1] * len(words_), "IDF": [0.0] * len(words_)})
    refuses("text.extract_n_grams", {"column": "t", "mode": "read"}, "too_many_columns", table=SMALL, vocabulary=given)
    found = extracted(SMALL, mode="read", vocabulary=given.head(10_000))["table"].frame
    assert found.shape == (4, 10_001)
    monkeypatch.setattr(words, "MOST_BYTES", 10)
    refuses("text.extract_n_grams", {"column": "t", "fewest": 1}, "too_large", table=SMALL)


def test_a_feature_with_the_name_of_a_column():
    refuses("text.extract_n_grams", {"column": "t", "fewest": 1}, "duplicate_column", table=SMALL.with_columns(pl.lit(0).alias("t.[red]")))


@pytest.mark.parametrize("texts", [[], ["one"], [None, None], [""] * 3, ["!!!"], ["a" * 10**6]])
def test_few_and_strange_texts(texts):
    table = pl.DataFrame({"t": texts}, schema={"t": pl.String})
    if texts == ["one"]:
        assert extracted(table, fewest=1)["table"].frame["t.[one]"].to_list() == [1]
    else:
        refuses("text.extract_n_grams", {"column": "t", "fewest": 1}, "no_n_grams", table=table)
