"""Preprocess Text: clean texts, remove stop words, and reduce words to their stems."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.columns import TEXT
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Column, Columns, Title, Titles, When
from pipelines.catalogue.ports import Table
from pipelines.modelling.words import chosen_texts, new_columns
from pipelines.modules.text._cleaning import Cleaning, cleaned
from pipelines.modules.text._languages import LIBRARIES, Language, languages_of, own_words
from pipelines.modules.text._stemming import rewritten

Own = Annotated[
    Literal["add", "replace"], Title("Stop words of the second input"), Titles(add="Add to those of the language", replace="Use only these")
]


@module(
    "Preprocess Text",
    icon="text-spellcheck",
    columns=PROBE,
    aliases=("clean text", "stop words", "stemming", "lemmatize", "lemmatization", "tokenize", "snowball", "contractions"),
    libraries=LIBRARIES,
    lineage=Lineage(rows="same", of=("table",), fits=False),
)
def preprocess_text(
    table: Table,
    stop_words: Table | None = None,
    *,
    columns: Columns = TEXT,
    language: Language = "en",
    language_column: Annotated[Column | None, When("language", "column")] = None,
    own_stop_words: Own = "add",
    how: Cleaning,
) -> Table:
    """Clean texts for counting words.

    Adds a column “Preprocessed NAME” for each column. The steps run in this order: custom regular expression, web addresses, email addresses,
    backslashes, contractions, sentences, lower case, numbers, splitting, special characters, stop words, repeated characters, stems. Words of the
    result are separated by single spaces. Missing text stays missing.

    A stem is not a dictionary form: studies becomes studi. Stems come from the Snowball algorithms for 34 languages, stop words
    from scikit-learn's list for English and from the stop-words package for 30 others. A language with only one of these gets that one. Words of
    Chinese and Japanese are not separated by spaces, so they are only cleaned.

    Source: M. F. Porter, "Snowball: a language for stemming algorithms" (2001).

    When to use:
        Before words are counted, so that forms of the same word count as one.

    Args:
        table: The table with texts.
        stop_words: A table whose first column has further words to remove, one in each row; upper and lower case count as the same.
        columns: The text columns.
        language: The language of the texts. Detection reads each text, and is often wrong for texts of a few words.
        language_column: The column with the language of each row: a code such as en or de-CH, or an English name.
        own_stop_words: What the words of the second input are.

    Returns:
        The table with the cleaned texts.

    Example:
        data.dataset: {"dataset": "artworks"}
        columns: ["title"]
    """
    chosen = chosen_texts(table, columns)
    how.check()
    own = own_words(stop_words, "stop_words")
    made = []
    for column in chosen:
        texts = table.frame[column].cast(pl.String)
        spoken = languages_of(table, texts, language, language_column)
        frame = pl.DataFrame({"text": texts, "language": spoken})
        plain = frame.select(cleaned(pl.col("text"), pl.col("language").eq_missing(pl.lit("en")), how)).to_series()
        made.append(rewritten(plain, spoken, how, own, only_own=own_stop_words == "replace" and stop_words is not None))
    return table.with_frame(
        new_columns(table.frame, [each.alias(f"Preprocessed {column}") for column, each in zip(chosen, made, strict=True)])
    )
