"""Prose: texts of several words, and the columns that learners get of their words. Library classes only, as in `encoders.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import polars as pl

from pipelines.modelling.features import PROSE

FEWEST_ROWS = 20
WORDS = 3  # on average, from which on a text is prose
MOST_ALIKE = 0.9  # the share of rows whose text occurs elsewhere, up to which texts are prose
_MONTH = r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]{0,7}"  # of English and German names
AS_DATES = rf"(?i)^\s*(?:\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}(?:\b|T)|\d{{1,2}}\.?[\s\-]{_MONTH}[\s\-.,]+\d{{2,4}}|(?:\w{{2,9}},\s)?{_MONTH}\.?\s\d{{1,2}},?\s\d{{4}})"
MOST_WORDS = 5_000
TOPICS = 64


def prose(values: pl.Series) -> str:
    """Return how long the texts are where they are prose, as the rest of a sentence; empty where they are not."""
    known = values.cast(pl.String).drop_nulls()
    different = known.n_unique()
    if len(known) < FEWEST_ROWS or different < max(FEWEST_ROWS, (1 - MOST_ALIKE) * len(known)):
        return ""
    words = float(known.str.count_matches(r"\S*\w\S*").mean() or 0)  # type: ignore[arg-type]
    return f"holds texts of {words:.2g} words" if words > WORDS and not known.str.contains(AS_DATES).mean() > 0.5 else ""  # type: ignore[operator]


def word_steps(
    frame: pl.DataFrame, features: Sequence[tuple[str, str]], *, topics: bool = True, named: bool = False
) -> Iterator[tuple[str, Any, str]]:
    """Yield a step of an encoder for each column of prose.

    The words of a text are counted, their counts c become 1 + log c, weighted by how rare a word is, and a text has the length 1 (TF-IDF). With
    `topics` these columns become at most 64, the singular vectors that say most of the texts (S. Deerwester and others, "Indexing by latent semantic
    analysis", JASIS 41, 1990): learners other than linear ones take long, and learn chance, from thousands of columns. With `named` a step
    returns a polars frame.
    """
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import Pipeline

    for place, column in enumerate((column for column, dtype in features if dtype == PROSE), 1):
        counted = TfidfVectorizer(token_pattern=r"(?u)\b\w+\b", sublinear_tf=True, max_features=MOST_WORDS)
        step = counted
        if topics:
            several = _several(frame[column], counted.build_analyzer(), min(TOPICS, frame.height - 1))
            reduced = TruncatedSVD(several, random_state=0)
            step = Pipeline([("words", counted), ("topics", reduced.set_output(transform="polars") if named else reduced)])
        yield f"words_{place}", step, column


def learns_words(step: Any, columns: Any) -> bool:
    """Return whether a fitted step makes columns of the words of one column, as `word_steps` do."""
    last, learned = (step[-1], "components_") if hasattr(step, "steps") else (step, "vocabulary_")
    return isinstance(columns, str) and hasattr(last, learned)


def word_names(step: Any, column: str, *, topics_apart: bool = True) -> list[str]:
    """Return the names of the columns that a fitted step makes: words, or topics, which are numbered or all have one name."""
    if not hasattr(step, "steps"):
        return [f"{column}: {word}" for word in step.get_feature_names_out()]
    numbers = range(1, len(step[-1].components_) + 1)
    return [f"{column}: topic {number}" if topics_apart else f"{column} (words)" for number in numbers]


def _several(texts: Iterable[str], words_of: Callable[[str], Iterable[str]], most: int) -> int:
    """The number of different words, of which there may be fewer than topics."""
    found: set[str] = set()
    for text in texts:
        found.update(words_of(text))
        if len(found) >= most:
            return most
    return len(found)
