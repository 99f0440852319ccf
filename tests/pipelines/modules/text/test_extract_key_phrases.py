"""Extract Key Phrases."""

import re
from collections import defaultdict

import polars as pl
import pytest
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, run

TITLES = dataset("artworks").frame.select("title").gather_every(10)
# The first sentences of the example in the source, whose table of phrases and scores is known.
ROSE = (
    "Compatibility of systems of linear constraints over the set of natural numbers. Criteria of compatibility of a system of linear Diophantine "
    "equations, strict inequations, and nonstrict inequations are considered."
)


def phrases(texts, **settings):
    inputs = {name: settings.pop(name) for name in ("words",) if name in settings}
    table = texts if isinstance(texts, pl.DataFrame | Table) else pl.DataFrame({"t": texts}, schema={"t": pl.String})
    return run("text.extract_key_phrases", settings, table=table, **inputs)


def test_scores_are_those_of_the_source():
    found = phrases([ROSE], words=pl.DataFrame({"word": ["considered"]}))["phrases"].frame
    scores = dict(found.select("Phrase", "Score").rows())
    # degrees and counts by hand: linear 2+3 of 2, constraints 2 of 1, diophantine and equations 3 of 1, inequations 4 of 2, strict 2 of 1
    assert scores == {
        "linear diophantine equations": 8.5,
        "linear constraints": 4.5,
        "natural numbers": 4.0,
        "strict inequations": 4.0,
        "nonstrict inequations": 4.0,
        "compatibility": 1.0,
        "systems": 1.0,
        "set": 1.0,
        "criteria": 1.0,
    }  # "system" is a stop word of the list
    assert found["Phrase"].to_list()[:3] == ["linear diophantine equations", "linear constraints", "natural numbers"]


def by_hand(titles):
    """Phrases of all titles, found by splitting and counted by dictionaries."""
    split = []
    for title in titles:
        fragments = re.split(r"[^\w\s'’-]+|(?<!\w)['’-]+|['’-]+(?!\w)", title.lower())
        made = []
        for fragment in fragments:
            words, phrase = fragment.replace("’", "'").split(), []
            for word in [*words, "the"]:
                if word in ENGLISH_STOP_WORDS:
                    made += [phrase] if phrase and len(phrase) < 5 and re.search(r"[^\W\d_]", " ".join(phrase)) else []
                    phrase = []
                else:
                    phrase.append(word)
        split.append(made)
    degree, often = defaultdict(int), defaultdict(int)
    for phrase in [phrase for made in split for phrase in made]:
        for word in phrase:
            degree[word] += len(phrase)
            often[word] += 1
    return [
        (row + 1, phrase, sum(degree[word] / often[word] for word in phrase.split()))
        for row, made in enumerate(split)
        for phrase in dict.fromkeys(" ".join(phrase) for phrase in made)
    ]


def test_phrases_of_real_titles_are_those_by_hand():
    titles = TITLES.filter(~pl.col("title").str.contains(r"\w['’-]{2}|_"))
    found = phrases(titles, scope="all", most=1000)["phrases"].frame.select("Row", "Phrase", "Score").rows()
    wanted = {(row, phrase): score for row, phrase, score in by_hand(titles["title"])}
    assert {(row, phrase) for row, phrase, _ in found} == set(wanted)
    assert all(score == pytest.approx(wanted[row, phrase], rel=1e-12) for row, phrase, score in found)


def test_the_best_stand_beside_the_texts(notes):
    table = Table(pl.DataFrame({"t": ["Red house, red sea\nfield", None, "of the", "12"], "y": [1, 2, 3, 4]}), {"y": ColumnRole("label")})
    found = phrases(table, most=2)["table"]
    assert found.frame["t Key Phrases"].to_list() == ["red house, red sea", None, "", ""] and found.role("y").role == "label"
    assert notes == ["“t”: 1 row without a text, or in a language without stop words."]
    assert phrases(table, longest=1)["table"].frame["t Key Phrases"][0] == "field"


def test_languages_of_rows(notes):
    table = pl.DataFrame({"t": ["das Haus am See", "the house", "ett", "x y"], "l": ["de", "English", "sv", "hy"]})
    found = phrases(table, columns=["t"], language="column", language_column="l")["table"].frame["t Key Phrases"].to_list()
    assert found == ["haus, see", "house", "", None]
    assert notes == ["There are no stop words for Armenian.", "“t”: 1 row without a text, or in a language without stop words."]
    assert refuses("text.extract_key_phrases", {"columns": ["t"], "language": "hy"}, "no_stop_words", table=table).param == "language"
    assert phrases(table, columns=["t"], language="hy", words=pl.DataFrame({"w": ["Y"]}))["table"].frame["t Key Phrases"][3] == "x"


@pytest.mark.parametrize("text", ["a" * 10**6, "🙂🙂 $$", "שלום עולם", "\x00 \u202e x", "don't stop-over well-known’s"])
def test_strange_texts_are_answered(text):
    found = phrases([text, ""])["table"].frame["t Key Phrases"].to_list()
    assert found[0] is not None and found[1] == ""


def test_what_is_refused():
    refuses("text.extract_key_phrases", {"columns": ["n"]}, "not_a_text", table=pl.DataFrame({"n": [1]}))
    refuses("text.extract_key_phrases", {}, "no_columns", table=pl.DataFrame({"n": [1]}))
    refuses("text.extract_key_phrases", {}, "duplicate_column", table=pl.DataFrame({"t": ["a"], "t Key Phrases": [1]}))
