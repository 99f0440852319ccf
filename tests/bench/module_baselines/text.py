"""The shelf Text Analytics beside scikit-learn, py3langid, snowballstemmer, WordLlama and Vowpal Wabbit."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import polars as pl

from tests.bench.module_baselines.case import LEARNT, beside, without
from tests.bench.module_baselines.tables import late, works
from tests.support.module_runner import only


@beside("text.extract_n_grams", {"column": "text", "weighting": "tf_idf", "most": 200}, rows=LEARNT, table=works)
def n_grams(table: pl.DataFrame) -> None:
    from sklearn.feature_extraction.text import CountVectorizer  # noqa: PLC0415

    made = CountVectorizer(token_pattern=r"(?<!\w)\w{3,25}(?!\w)", min_df=5)
    counts = made.fit_transform(table["text"].to_list())
    often = np.sort(np.argsort(-np.asarray(counts.sum(axis=0)).ravel(), kind="stable")[:200])
    counts = counts[:, often]
    idf = np.log(table.height / np.asarray((counts > 0).sum(axis=0)).ravel())
    values = counts.toarray() * idf
    table.with_columns(pl.Series(f"text.[{name}]", values[:, at]) for at, name in enumerate(made.get_feature_names_out()[often]))


@beside("text.feature_hashing", {"columns": ["text"], "bits": 8}, rows=LEARNT, table=works)
def hashing(table: pl.DataFrame) -> pl.DataFrame:
    from sklearn.feature_extraction.text import HashingVectorizer  # noqa: PLC0415

    made = HashingVectorizer(n_features=256, norm=None, alternate_sign=False, ngram_range=(1, 2), token_pattern=r"(?<!\w)\w{1,1000}(?!\w)")
    counts = made.transform(table["text"].to_list()).toarray().astype(np.int32)
    return table.with_columns(pl.Series(f"text.hash_{at}", counts[:, at]) for at in range(256))


@beside("text.latent_dirichlet_allocation", {"column": "text", "passes": 2, "most": 2000}, rows=10_000, table=works)
def topics(table: pl.DataFrame) -> None:
    from sklearn.decomposition import LatentDirichletAllocation  # noqa: PLC0415
    from sklearn.feature_extraction.text import CountVectorizer  # noqa: PLC0415

    counts = CountVectorizer(ngram_range=(1, 2), max_features=2000).fit_transform(table["text"].to_list())
    online = {"learning_method": "online", "learning_offset": 10.0, "learning_decay": 0.5, "batch_size": 32, "max_iter": 2}
    found = LatentDirichletAllocation(5, doc_topic_prior=0.01, topic_word_prior=0.01, random_state=0, **online).fit(counts)
    shares = found.transform(counts)
    found.perplexity(counts)
    table.with_columns(pl.Series(f"Topic {at + 1}", shares[:, at]) for at in range(5))


@beside("text.preprocess_text", {"columns": ["text"]}, rows=LEARNT, table=works)
def preprocess(table: pl.DataFrame) -> None:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS  # noqa: PLC0415
    from snowballstemmer import stemmer  # noqa: PLC0415

    stem = stemmer("english").stemWord
    address, number = re.compile(r"(?i)\b(?:https?://|www\.)\S+|\S+@\S+\.\S+"), re.compile(r"[+-]?\b\d+(?:[.,:/]\d+)*\b%?")
    special, again = re.compile(r"[^\w\s]"), re.compile(r"(.)\1{2,}")
    known: dict[str, str] = {}

    def word(text: str) -> str:
        if (found := known.get(text)) is None:
            found = known[text] = "" if text in ENGLISH_STOP_WORDS else stem(again.sub(r"\1\1", text))
        return found

    def clean(text: str) -> str:
        plain = special.sub(" ", number.sub(" ", address.sub(" ", text).lower()))
        return " ".join(filter(None, map(word, plain.split())))

    table.with_columns(pl.Series("Preprocessed text", [clean(text) for text in table["text"]]))


@beside("text.detect_languages", {"columns": ["text"]}, rows=10_000, table=works)
def languages(table: pl.DataFrame) -> None:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    classify = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True).classify
    found = [classify(text) for text in table["text"]]
    table.with_columns(pl.Series("Language", [code for code, _ in found]), pl.Series("Probability", [sure for _, sure in found]))


@beside("text.sentence_embeddings", {"columns": ["text"], "dimensions": "64"}, rows=LEARNT, table=works)
def embeddings(table: pl.DataFrame) -> None:
    from pipelines.modules.text.sentence_embeddings import _model  # noqa: PLC0415  # the same loaded model

    found = _model(64).embed(table["text"].to_list())
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    table.with_columns(pl.Series(f"text E{at + 1}", found[:, at]) for at in range(64))


def lines(table: pl.DataFrame) -> list[str]:
    """Rows in Vowpal Wabbit's format."""
    measured = [name for name, kind in table.schema.items() if kind.is_numeric()]
    texts = ["carrier", "origin", "dest"]
    parts = [
        pl.when(pl.col("arr_delay") == "late").then(pl.lit("-1")).otherwise(pl.lit("1")),
        pl.lit("1.0 |n"),
        *(pl.concat_str(pl.lit(f"{name}:"), name) for name in measured),
        pl.lit("|c"),
        *(pl.concat_str(pl.lit(f"{name}="), name) for name in texts),
    ]
    return table.select(pl.concat_str(parts, separator=" ")).to_series().to_list()


@beside("text.train_vowpal_wabbit_model", {"label": "arr_delay"}, rows=LEARNT, table=late)
def online(table: pl.DataFrame) -> None:
    from vowpalwabbit import Workspace  # noqa: PLC0415

    made = Workspace(arg_list=["--quiet", "--loss_function", "logistic", "--link", "logistic"])
    for line in lines(table):
        made.learn(line)
    made.finish()


def wabbit(rows: int) -> Any:
    return only("text.train_vowpal_wabbit_model", {"label": "arr_delay"}, table=late(rows))


@beside("text.score_vowpal_wabbit_model", rows=LEARNT, model=wabbit, table=late)
def predicted(model: Any, table: pl.DataFrame) -> None:
    from vowpalwabbit import Workspace  # noqa: PLC0415

    made = Workspace(arg_list=["--quiet", "--loss_function", "logistic", "--link", "logistic", "--testonly"])
    chances = np.array([made.predict(line) for line in lines(table)])
    made.finish()
    table.with_columns(labels=pl.Series(np.where(chances >= 0.5, "on time", "late")), chances=chances)


without(
    "no library for it is installed, and the method is Easel's own",
    "anomaly.time_series",
    "text.convert_word_to_vector",
    "text.extract_key_phrases",
)
