"""The languages whose words can be stemmed or are known as stop words, and which language a text is in."""

from __future__ import annotations

from copy import copy
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple

import polars as pl

from pipelines.catalogue.columns import kind_of, require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Titles
from pipelines.catalogue.phrases import counted, some_values
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log

# What is read of a text to detect its language; more does not change the result.
MOST_READ = 100_000

# fmt: off
Language = Annotated[
    Literal[
        "en", "detect", "column", "ar", "hy", "eu", "bg", "ca", "cs", "da", "nl", "eo", "et", "fi", "fr", "de", "el", "gu", "he", "hi", "hu",
        "id", "ga", "it", "ko", "lt", "ms", "ne", "no", "fa", "pl", "pt", "ro", "ru", "sr", "st", "sk", "es", "sv", "ta", "tr", "uk", "vi", "yi",
    ],
    Titles(
        detect="Detect for each text", column="From a column", en="English", ar="Arabic", hy="Armenian", eu="Basque", bg="Bulgarian",
        ca="Catalan", cs="Czech", da="Danish", nl="Dutch", eo="Esperanto", et="Estonian", fi="Finnish", fr="French", de="German", el="Greek",
        gu="Gujarati", he="Hebrew", hi="Hindi", hu="Hungarian", id="Indonesian", ga="Irish", it="Italian", ko="Korean", lt="Lithuanian",
        ms="Malay", ne="Nepali", no="Norwegian", fa="Persian", pl="Polish", pt="Portuguese", ro="Romanian", ru="Russian", sr="Serbian",
        st="Sesotho", sk="Slovak", es="Spanish", sv="Swedish", ta="Tamil", tr="Turkish", uk="Ukrainian", vi="Vietnamese", yi="Yiddish",
    ),
]
# fmt: on
_TITLES: dict[str, str] = Language.__metadata__[0].of  # type: ignore[attr-defined]
NAMES = {code: name for code, name in _TITLES.items() if code not in ("detect", "column")}
# As libraries and people write them.
ALSO = {"nb": "no", "nn": "no", "nynorsk": "no", "bokmål": "no", "farsi": "fa", "malaysian": "ms", "sr-latn": "sr"}
LIBRARIES = ("py3langid", "scikit-learn", "snowballstemmer", "stop-words")


class Detected(NamedTuple):
    """The language of each text, and how probable it is; missing where a text has no letters or is no language."""

    language: pl.Series
    probability: pl.Series


@cache
def identifier(among: tuple[str, ...] = ()) -> Any:
    """Return a language identifier that chooses among some codes, or among all of its own.

    Raises:
        ValueError: For a code that it does not have.
    """
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    if not among:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    chosen = copy(identifier())  # reading the file takes most of a second; the tables in it are shared
    chosen.set_languages(among)
    return chosen


def detect(texts: pl.Series, among: tuple[str, ...] = ()) -> Detected:
    """Detect the language of each text."""
    beginnings = texts.str.head(MOST_READ)
    different = beginnings.filter(beginnings.str.contains(r"\p{L}")).unique(maintain_order=True)
    classify = identifier(among).classify if len(different) else None
    found = [classify(text) for text in different] if classify else []
    known = pl.DataFrame(
        {"text": different, "language": [code for code, _ in found], "probability": [sure for _, sure in found]},
        schema={"text": pl.String, "language": pl.String, "probability": pl.Float64},
    )
    each = beginnings.alias("text").to_frame().join(known, on="text", how="left", maintain_order="left")
    language = each["language"]
    return Detected(language.set(language == "zxx", None), each["probability"])


def codes(names: pl.Series) -> pl.Series:
    """Return the code of each language that a column names by code or English name; missing where it names none that is known."""
    known = {code: code for code in NAMES} | {name.lower(): code for code, name in NAMES.items()} | ALSO
    plain = names.cast(pl.String).str.strip_chars().str.to_lowercase()
    plain = plain.replace_strict(known, default=plain, return_dtype=pl.String)
    return plain.str.extract(r"^([a-z]{2})(?:[-_]|$)").replace_strict(known, default=None, return_dtype=pl.String)


def languages_of(table: Table, texts: pl.Series, language: str, column: str | None) -> pl.Series:
    """Return the code of each text's language, as a setting says it; missing where nothing is known of the language. The log says what was found.

    Raises:
        ModuleError: `no_column` or `unknown_column`, of the setting `language_column`.
    """
    if language == "column":
        return _named(table, column)
    if language != "detect":
        return pl.repeat(language, len(texts), dtype=pl.String, eager=True)
    found = detect(texts).language
    known = codes(found)
    tell_languages("Detected languages", found)
    if lost := int((known.is_null() & found.is_not_null()).sum()):
        log(f"{counted(lost, 'text')} in a language without stop words and stems.", "warning")
    return known


def _named(table: Table, column: str | None) -> pl.Series:
    if column is None:
        raise ModuleError("no_column", "No column with the language is selected.", param="language_column", remedy="Select the column.")
    values = table.frame[require(column, table, param="language_column")]
    known = codes(values)
    strange = values.filter(known.is_null() & values.is_not_null())
    if len(strange):
        log(f"{counted(len(strange), 'row')} with a language without stop words and stems: {some_values(strange)}.", "warning")
    return known


def tell_languages(head: str, found: pl.Series) -> None:
    """Log the most frequent languages."""
    counts = found.drop_nulls().alias("code").value_counts(name="rows").sort("rows", "code", descending=[True, False])
    if some := ", ".join(f"{code} ({rows:,})" for code, rows in counts.head(5).rows()):
        log(f"{head}: {some}{f' and {counts.height - 5} more' if counts.height > 5 else ''}.")


@cache
def stop_words(code: str) -> frozenset[str]:
    """Return the stop words of a language in lower case; none of a language without a list."""
    from stop_words import AVAILABLE_LANGUAGES, get_stop_words

    if code == "en":  # the package's English list has words with a meaning, such as novel, computer and good
        from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

        return frozenset(ENGLISH_STOP_WORDS)
    name = {"ms": "malaysian"}.get(code, NAMES.get(code, "").lower())
    return frozenset(word.lower() for word in get_stop_words(name)) if name in AVAILABLE_LANGUAGES else frozenset()


def own_words(given: Table | None, port: str) -> frozenset[str]:
    """Return the words in the first column of a table, in lower case.

    Raises:
        ModuleError: `no_columns`.
    """
    if given is None:
        return frozenset()
    if not given.frame.width or kind_of(given.frame.to_series(0).dtype) not in ("text", "number"):
        words = "The table of stop words has no column of text."
        raise ModuleError("no_columns", words, port=port, remedy="Connect a table whose first column has the words.")
    if given.frame.width > 1:
        log(f"Stop words are the values of “{given.frame.columns[0]}”, the first column.")
    return frozenset(given.frame.to_series(0).cast(pl.String).drop_nulls().str.strip_chars().str.to_lowercase())


def stemmer(code: str) -> Any | None:
    """Return the Snowball stemmer of a language, if there is one."""
    from snowballstemmer import algorithms, stemmer

    name = NAMES.get(code, "").lower()
    return stemmer(name) if name in algorithms() else None


def read_codes(text: str, param: str) -> tuple[str, ...]:
    """Return the codes in a text such as “en, de, fr”.

    Raises:
        ModuleError: `unknown_language`.
    """
    wanted = tuple(sorted({part.strip().lower() for part in text.split(",") if part.strip()}))
    known = identifier().labels
    if strange := [code for code in wanted if code not in known]:
        raise ModuleError(
            "unknown_language",
            f"“{strange[0][:40]}” is no language code that can be detected.",
            param=param,
            remedy=f"Enter codes among {', '.join(sorted(known))}.",
        )
    return wanted
