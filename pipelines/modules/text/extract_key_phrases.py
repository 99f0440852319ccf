"""Extract Key Phrases: the sequences of words that say what a text is about."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import polars as pl

from pipelines.catalogue.columns import TEXT
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Column, Columns, Range, Title, Titles, When
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.words import chosen_texts, new_columns
from pipelines.modules.text._languages import LIBRARIES, NAMES, Language, languages_of, own_words, stop_words
from pipelines.modules.text._phrases import Phrase, best, candidates, word_scores

Scope = Annotated[Literal["text", "all"], Titles(text="Each text by itself", all="All texts of the column together")]
SCHEMA = {"Row": pl.Int64(), "Column": pl.String(), "Phrase": pl.String(), "Score": pl.Float64()}


class Extracted(NamedTuple):
    """The texts with their phrases, and the phrases.

    Args:
        table: The table with a column “NAME Key Phrases” for each column: phrases separated by commas, the best first.
        phrases: A row for each phrase of each text: number of the row, from 1, column, phrase and score.
    """

    table: Table
    phrases: Table


@module(
    "Extract Key Phrases",
    icon="highlight",
    columns=PROBE,
    aliases=("Extract Key Phrases from Text", "keywords", "rake", "yake", "tags"),
    libraries=LIBRARIES,
    lineage=Lineage(rows="same", of=("table",), fits=lambda settings: settings["scope"] == "all"),
)
def extract_key_phrases(
    table: Table,
    words: Table | None = None,
    *,
    columns: Columns = TEXT,
    language: Language = "en",
    language_column: Annotated[Column | None, When("language", "column")] = None,
    most: Annotated[int, Title("Maximum phrases of a text"), Range(1, 1000)] = 10,
    longest: Annotated[int, Title("Maximum words of a phrase"), Range(1, 20)] = 4,
    scope: Annotated[Scope, Title("Count words in")] = "text",
) -> Extracted:
    """Find the phrases that describe each text.

    A phrase is a sequence of words between stop words, punctuation and line ends. The score of a word is its degree, the lengths of all phrases with
    it added up, divided by how often it occurs; the score of a phrase is the sum over its words. So words that stand in long phrases count more than
    words that only occur often. Of equal scores the phrase that comes first is better. Phrases are in lower case.

    In short texts, such as titles, each word occurs once: count words in all texts together. Texts in a language without stop words and missing
    texts have no phrases. Of a text the first million characters are read.

    Source: S. Rose, D. Engel, N. Cramer, W. Cowley, "Automatic keyword extraction from individual documents", in Text Mining (2010).

    When to use:
        To see what each text is about, without training.

    Args:
        table: The table with texts.
        words: A table whose first column has further stop words, one in each row.
        columns: The text columns.
        language: The language of the texts, which decides the stop words.
        language_column: The column with the language of each row: a code such as en or de-CH, or an English name.
        most: How many phrases a text has at most.
        longest: Phrases with more words are left out.
        scope: Whether degrees and counts of words are those of one text or of all texts.

    Example:
        data.dataset: {"dataset": "artworks"}
        columns: ["title"]
    """
    chosen = chosen_texts(table, columns)
    own = own_words(words, "words")
    made, parts = [], [pl.DataFrame(schema=SCHEMA)]
    for column in chosen:
        texts = table.frame[column].cast(pl.String)
        spoken = languages_of(table, texts, language, language_column)
        found = _best(_candidates(texts, spoken, own, longest), most, together=scope == "all")
        joined = [None if each is None else ", ".join(phrase for phrase, _ in each) for each in found]
        made.append(pl.Series(f"{column} Key Phrases", joined, dtype=pl.String))
        rows = [(at + 1, column, phrase, score) for at, each in enumerate(found) for phrase, score in each or ()]
        parts.append(pl.DataFrame(rows, schema=SCHEMA, orient="row"))
    return Extracted(table.with_frame(new_columns(table.frame, made)), Table(pl.concat(parts)))


def _candidates(texts: pl.Series, spoken: pl.Series, own: frozenset[str], longest: int) -> list[list[Phrase] | None]:
    stops = {code: own | stop_words(code or "") for code in spoken.unique()}
    if without := [code for code, words in stops.items() if code and not words]:
        names = ", ".join(sorted(NAMES[code] for code in without))
        words = f"There are no stop words for {names}."
        if len(stops) == 1:
            remedy = "Connect a table of stop words, or select another language."
            raise ModuleError("no_stop_words", words, param="language", remedy=remedy)
        log(words, "warning")
    pairs = zip(texts, spoken, strict=True)
    found = [list(candidates(text, stops[code], longest)) if text is not None and stops[code] else None for text, code in pairs]
    if lost := sum(each is None for each in found):
        log(f"“{texts.name}”: {counted(lost, 'row')} without a text, or in a language without stop words.")
    return found


def _best(found: list[list[Phrase] | None], most: int, *, together: bool) -> list[list[tuple[str, float]] | None]:
    scores = word_scores(phrase for each in found for phrase in each or ()) if together else {}
    return [None if each is None else best(each, scores if together else word_scores(each), most) for each in found]
