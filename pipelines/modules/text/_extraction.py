"""The settings of the extraction of n-grams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Range, Title, Titles, When
from pipelines.modelling.transformations.n_grams import Pieces
from pipelines.modelling.words import MOST_COLUMNS

Weighting = Annotated[
    Literal["binary", "tf", "idf", "tf_idf"],
    Titles(binary="Binary", tf="Term frequency (TF)", idf="Inverse document frequency (IDF)", tf_idf="TF-IDF"),
]
Units = Literal["word", "char_wb", "char"]
UNITS = Titles(word="Words", char_wb="Characters inside words", char="Characters of the text")
FOUND = When("mode", "create", "merge")


@dataclass(frozen=True)
class Extraction:
    """The settings of the extraction of n-grams.

    Args:
        size: The largest number of words or characters in an n-gram. Read only takes it from the vocabulary.
        smallest: The smallest number of words or characters in an n-gram.
        weighting: The value of a feature.
        units: What n-grams consist of. Characters find parts of words, and also work where words are not separated by spaces.
        shortest: Shorter words are left out.
        longest: Longer words are left out.
        fewest: N-grams in fewer texts are left out.
        share: N-grams in a larger share of the texts are left out.
        most: If more n-grams are left, those that occur most often are used; the log says so.
        lower_case: Convert texts to lower case first.
        normalize: Divide the features of each text by their Euclidean norm, so that long texts count as much as short ones.
        keep: Keep the text column beside the features. Learners would treat it as a category.
    """

    size: Annotated[int, Title("N-gram size"), Range(1, 20), FOUND] = 1
    smallest: Annotated[int, Title("Smallest n-gram size"), Range(1, 20), FOUND] = 1
    weighting: Weighting = "binary"
    units: Annotated[Units, UNITS, Title("N-grams of")] = "word"
    shortest: Annotated[int, Title("Minimum word length"), Range(1, 1000), When("units", "word")] = 3
    longest: Annotated[int, Title("Maximum word length"), Range(1, 1000), When("units", "word")] = 25
    fewest: Annotated[int, Title("Minimum number of texts"), Range(1), FOUND] = 5
    share: Annotated[float, Title("Maximum share of texts"), Range(0, 1, exclusive_min=True), FOUND] = 1.0
    most: Annotated[int, Title("Maximum number of n-grams"), Range(1, MOST_COLUMNS), FOUND] = 1000
    lower_case: Annotated[bool, Title("Lower case")] = True
    normalize: Annotated[bool, Title("Normalize vectors")] = False
    keep: Annotated[bool, Title("Keep the text column")] = True

    @property
    def pieces(self) -> Pieces:
        """Return what texts are split into.

        Raises:
            ModuleError: `bad_range`.
        """
        for low, high, what, param in (
            (self.smallest, self.size, "n-gram size", "smallest"),
            (self.shortest, self.longest, "word length", "shortest"),
        ):
            if low > high:
                words = f"The smallest {what} is {low}, the largest {high}."
                raise ModuleError("bad_range", words, param=param, remedy=f"Enter a smallest {what} of at most {high}.")
        return Pieces(self.units, self.smallest, self.size, self.shortest, self.longest, self.lower_case)
