"""Feature Hashing: words and sequences of words as a fixed number of columns, without a vocabulary."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, NamedTuple

from pipelines.catalogue.columns import TEXT
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Columns, Range, Title
from pipelines.catalogue.ports import Table, Transform
from pipelines.modelling.transformations.hashing import add_hashes
from pipelines.modelling.transformations.n_grams import Pieces
from pipelines.modelling.words import chosen_texts


class Hashed(NamedTuple):
    """The features, and how they are computed.

    Args:
        table: The table with columns NAME.hash_0, NAME.hash_1 and so on.
        transform: The same hashing, for Apply Transformation.
    """

    table: Table
    transform: Transform


@module(
    "Feature Hashing",
    icon="hash",
    columns=PROBE,
    aliases=("hashing trick", "murmurhash", "hashing vectorizer", "bag of words"),
    libraries=("numpy", "scikit-learn"),
    lineage=Lineage(rows="same", fits=False),
)
def feature_hashing(
    table: Table,
    *,
    columns: Columns = TEXT,
    bits: Annotated[int, Title("Hashing bit size"), Range(1, 13)] = 10,
    size: Annotated[int, Title("N-gram size"), Range(1, 10)] = 2,
    signed: bool = False,
    lower_case: Annotated[bool, Title("Lower case")] = True,
    keep: Annotated[bool, Title("Keep the text columns")] = True,
) -> Hashed:
    """Turn texts into a fixed number of columns by the hash of each word.

    Each n-gram, a sequence of words, is counted in the column that the 32-bit MurmurHash3 of its UTF-8 text says, modulo the number of columns.
    Different n-grams can meet in one column; more bits make that rarer. Nothing is learned from the texts, so new texts need no vocabulary, but a
    column cannot be translated back into words. A missing text is 0 in all columns.

    Hashes are those of scikit-learn's HashingVectorizer. Vowpal Wabbit, and tools that are based on it, mix the name of a
    namespace into the hash, so their column numbers differ.

    Source: K. Weinberger et al., "Feature hashing for large scale multitask learning", ICML (2009).

    When to use:
        For many or changing words, when no vocabulary should be kept.

    Args:
        table: The table with texts.
        columns: The text columns. Each has hash columns of its own.
        bits: The number of columns is 2 to the power of this: 10 bits are 1,024 columns.
        size: The largest number of words in an n-gram; all smaller ones count too.
        signed: Let half of the n-grams count negatively, so that those that meet in one column cancel on average. Counts can then be below 0.
        lower_case: Convert texts to lower case first.
        keep: Keep the text columns beside the features. Learners would treat them as categories.

    Example:
        data.dataset: {"dataset": "artworks"}
        columns: ["title"]
        bits: 5
    """
    pieces = Pieces(largest=size, lower_case=lower_case)
    state = {"columns": chosen_texts(table, columns), "bits": bits, "pieces": asdict(pieces), "signed": signed, "keep": keep}
    return Hashed(add_hashes(table, state), Transform("feature_hashing", state))
