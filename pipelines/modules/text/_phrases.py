"""RAKE: sequences of words without stop words, scored by how often their words occur and in how long phrases."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import cache

from pipelines.modelling.transformations.n_grams import letters

# Of a text with more characters only these are read.
MOST_READ = 1_000_000
Phrase = tuple[str, ...]


@cache
def _word() -> re.Pattern[str]:
    letter = rf"[{letters()}]"
    return re.compile(rf"{letter}+(?:['’\-]{letter}+)*")


def candidates(text: str, stops: Collection[str], longest: int) -> Iterator[Phrase]:
    """Return the phrases of a text in order: words between stop words, punctuation and line ends; those too long or without a letter are left out."""
    text = text[:MOST_READ].lower()
    phrase: list[str] = []
    end = 0
    for found in _word().finditer(text):
        word = found[0].replace("’", "'")
        if phrase and text[end : found.start()].strip(" \t\xa0"):  # also a line end
            yield from _sound(phrase, longest)
            phrase = []
        end = found.end()
        if word in stops:
            yield from _sound(phrase, longest)
            phrase = []
        else:
            phrase.append(word)
    yield from _sound(phrase, longest)


def _sound(phrase: list[str], longest: int) -> Iterator[Phrase]:
    if 0 < len(phrase) <= longest and any(letter.isalpha() for word in phrase for letter in word):
        yield tuple(phrase)


def word_scores(phrases: Iterable[Phrase]) -> dict[str, float]:
    """Return for each word its degree, the lengths of the phrases with it added up, divided by how often it occurs."""
    often: Counter[str] = Counter()
    degree: Counter[str] = Counter()
    for phrase in phrases:
        for word in phrase:
            often[word] += 1
            degree[word] += len(phrase)
    return {word: degree[word] / count for word, count in often.items()}


def best(phrases: Iterable[Phrase], scores: dict[str, float], most: int) -> list[tuple[str, float]]:
    """Return the different phrases with the highest sums of word scores, at most so many; ties in the order of the text."""
    found = {" ".join(phrase): sum(scores[word] for word in phrase) for phrase in dict.fromkeys(phrases)}
    return sorted(found.items(), key=lambda pair: -pair[1])[:most]
