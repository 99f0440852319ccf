"""Preprocess Text."""

import re

import polars as pl
import pytest
from snowballstemmer import stemmer
from stop_words import get_stop_words

from pipelines.modules.text._cleaning import Cleaning
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

SWITCHES = [name for name in Cleaning.__dataclass_fields__ if name not in ("pattern", "replacement")]
OFF = dict.fromkeys(SWITCHES, False)
TITLES = dataset("artworks").frame.select("title").gather_every(8)


def cleaned(texts, *on, **settings):
    frame = texts if isinstance(texts, pl.DataFrame) else pl.DataFrame({"t": texts}, schema={"t": pl.String})
    switches = OFF | dict.fromkeys(on, True) if on or not settings.pop("defaults", False) else {}
    inputs = {name: settings.pop(name) for name in ("stop_words",) if name in settings}
    column = frame.columns[0]
    return only("text.preprocess_text", {"columns": [column], **switches, **settings}, table=frame, **inputs).frame[
        f"Preprocessed {column}"
    ]


@pytest.mark.parametrize(
    ("on", "text", "wanted"),
    [
        ("remove_urls", "see http://a.org/b?c=1, or www.b.de now", "see or now"),
        ("remove_emails", "mail a.b+c@d-e.co.uk now, or @name", "mail now, or @name"),
        ("normalize_backslashes", r"a\b", "a/b"),
        ("expand_contractions", "Won't they’ve can't I'm it's John's I'd", "Will not they have can not I am it is John's I would"),
        ("detect_sentences", "One. Two!  “Three?” 4.5 of J. Smith and Dr. No", "One. ||| Two! ||| “Three?” ||| 4.5 of J. Smith and Dr. No"),
        ("lower_case", "ÄB İ", "äb i̇"),
        ("remove_numbers", "12 a1 3.5% 1990s -7 1/2", "a1 1990s"),
        ("split_on_special_characters", "a-b-c rock'n'roll !x", "a b c rock n roll !x"),
        ("remove_special_characters", "a-b, «c»! 🙂 می‌خواهم שלום", "ab c می‌خواهم שלום"),
        ("remove_stop_words", "The house of Cards", "house Cards"),
        ("remove_duplicate_characters", "soooo aa 1111", "soo aa 11"),
        ("stem", "painters  painting", "painter paint"),
    ],
)
def test_each_switch(on, text, wanted):
    assert cleaned([text, None, ""], on).to_list() == [wanted, None, ""]
    assert cleaned([text]).to_list() == [" ".join(text.split())]


def test_there_is_a_test_of_each_switch():
    assert len(SWITCHES) == 12 == len(test_each_switch.pytestmark[0].args[1])


@pytest.mark.parametrize(("language", "name"), [("en", "english"), ("de", "german"), ("fr", "french"), ("ru", "russian")])
def test_stems_are_those_of_snowball_on_real_titles(language, name):
    found = cleaned(TITLES, "stem", "lower_case", "remove_special_characters", language=language)
    stem = stemmer(name)
    for title, ours in zip(TITLES["title"], found, strict=True):
        assert ours == " ".join(stem.stemWords(re.sub(r"[^\w\s]|_", "", title.lower()).split()))


def test_stop_words_are_those_of_the_package():
    stops = set(get_stop_words("german"))
    words = [*sorted(stops)[:50], "haus", "wald"]
    assert cleaned([" ".join(words)], "remove_stop_words", language="de").to_list() == ["haus wald"]


def test_the_language_of_each_row_from_a_column(notes):
    frame = pl.DataFrame(
        {"t": ["the houses and", "die häuser und", "les maisons", "the x", "the y"], "l": ["English", "de-CH", "FR", "zh", None]}
    )
    found = cleaned(frame, "remove_stop_words", "stem", language="column", language_column="l")
    assert found.to_list() == ["hous", "haus", "maison", "the x", "the y"]
    assert notes == ["1 row with a language without stop words and stems: “zh”."]
    refuses("text.preprocess_text", {"columns": ["t"], "language": "column"}, "no_column", table=frame)


def test_the_language_of_each_text_is_detected(notes):
    texts = ["The houses are on the other side of the river", "Die Häuser stehen auf der anderen Seite des Flusses", "12", None]
    assert cleaned(texts, defaults=True, language="detect").to_list() == ["hous river", "haus steh seit fluss", "", None]
    assert notes == ["Detected languages: de (1), en (1)."]


def test_stop_words_of_the_second_input():
    own = pl.DataFrame({"word": ["House ", None, "x"], "n": [1, 2, 3]})
    texts = ["the HOUSE of cards"]
    assert cleaned(texts, "remove_stop_words", stop_words=own).to_list() == ["cards"]
    assert cleaned(texts, "remove_stop_words", stop_words=own, own_stop_words="replace").to_list() == ["the of cards"]
    refuses("text.preprocess_text", {}, "no_columns", table=pl.DataFrame({"t": texts}), stop_words=pl.DataFrame({"d": [[1]]}))


def test_the_custom_expression_is_first():
    assert cleaned(["see http://a.org 12"], "remove_urls", pattern=r"http://(\w+)\S*", replacement="$1").to_list() == ["see a 12"]
    wrong = refuses("text.preprocess_text", {"columns": ["t"], "pattern": "("}, "bad_pattern", table=pl.DataFrame({"t": ["a"]}))
    assert wrong.param == "pattern"


def test_what_is_no_text_or_there_already():
    assert refuses("text.preprocess_text", {"columns": ["n"]}, "not_a_text", table=pl.DataFrame({"n": [1]})).column == "n"
    refuses("text.preprocess_text", {}, "no_columns", table=pl.DataFrame({"n": [1]}))
    refuses("text.preprocess_text", {"columns": ["t"]}, "duplicate_column", table=pl.DataFrame({"t": ["a"], "Preprocessed t": ["b"]}))


@pytest.mark.parametrize("text", ["a" * 10**6, "ab c. D e! " * 10**4, "\x1e|||\x00\u202e", "🙂" * 10, "$" * 1000])
def test_strange_texts_are_answered(text):
    assert cleaned([text, None], defaults=True)[0] is not None


def test_categories_are_texts_and_a_column_without_values_is_answered():
    frame = pl.DataFrame({"c": ["a house", "a house", None]}, schema={"c": pl.Categorical})
    assert cleaned(frame, "remove_stop_words").to_list() == ["house", "house", None]
    assert cleaned(pl.DataFrame({"n": [None, None]}), "stem").to_list() == [None, None]
