"""Detect Languages: the language of each text, and how probable it is."""

from __future__ import annotations

from typing import Annotated

import polars as pl

from pipelines.catalogue.columns import TEXT
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Columns, Range
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.words import chosen_texts, new_columns
from pipelines.modules.text._languages import detect, read_codes, tell_languages


@module(
    "Detect Languages",
    icon="language",
    columns=PROBE,
    aliases=("Detect Languages", "language identification", "langid", "locale"),
    libraries=("py3langid",),
    lineage=Lineage(rows="same", fits=False),
)
def detect_languages(
    table: Table,
    *,
    columns: Columns = TEXT,
    languages: str = "",
    minimum: Annotated[float, Range(0, 1)] = 0.0,
) -> Table:
    """Detect the language of each text among 139 languages.

    Adds NAME Language, the ISO 639 code such as en or de, and NAME Language Probability. A naive Bayes classifier looks at sequences of bytes, so it
    needs no words and no network. Short texts, such as titles and names, are often wrong: enter the languages that can occur, and use the
    probability. A text that is missing or has no letters has no language. Of a long text the first 100,000 characters are read.

    Source: M. Lui, T. Baldwin, "langid.py: an off-the-shelf language identification tool", ACL (2012); model of py3langid, BSD licence.

    When to use:
        Before steps that depend on the language, or to keep the texts of one language.

    Args:
        table: The table with texts.
        columns: The text columns.
        languages: The codes of the languages that can occur, separated by commas: en, de, fr. Empty for all.
        minimum: A language that is less probable than this is missing.

    Returns:
        The table with the languages.

    Example:
        data.dataset: {"dataset": "artworks"}
        columns: ["title"]
        languages: "en, fr, de"
    """
    chosen = chosen_texts(table, columns)
    among = read_codes(languages, "languages") if languages.strip() else ()
    made: list[pl.Series] = []
    for column in chosen:
        found = detect(table.frame[column].cast(pl.String), among)
        language = found.language.set(found.probability < minimum, None)
        made += [language.alias(f"{column} Language"), found.probability.alias(f"{column} Language Probability")]
        if lost := language.null_count():
            log(f"“{column}”: no language in {counted(lost, 'row')}.")
        tell_languages(f"“{column}”", language)
    return table.with_frame(new_columns(table.frame, made))
