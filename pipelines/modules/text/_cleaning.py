"""What is removed from texts and replaced in them before they are split into words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Title

# A sentence ends here; a character that no cleaned text has, until it is written as BREAK.
END = "\x1e"
BREAK = "|||"
URL = r"(?i)\b(?:https?://|ftp://|www\.)[^\s<>\"]+"
EMAIL = r"[\w.!#$%&*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+"
NUMBER = r"[+\-−]?\b\p{Nd}+(?:[.,:/]\p{Nd}+)*\b%?"
# A zero-width non-joiner belongs to words of Persian and of languages of India.
SPECIAL = rf"[^\p{{L}}\p{{M}}\p{{N}}\s\u200c{END}]"
SENTENCE = r"([.!?…。！？؟۔।]+[\"'”’»)\]]*)\s+"
# No sentence ends at the dot of an initial or of these.
NO_END = r"(\b(?:\p{Lu}|Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|vs|etc|approx|No|Nos|Inc|Ltd|Co|Corp|Fig|Vol|pp|ed|eds|e\.g|i\.e|a\.m|p\.m|z\.B|d\.h|bzw|ca)\.)"
CONTRACTIONS = (
    (r"(?i)\b(w)on['’]t\b", "${1}ill not"),
    (r"(?i)\b(c)an['’]t\b", "${1}an not"),
    (r"(?i)\b(sha)n['’]t\b", "${1}ll not"),
    (r"(?i)\b(a)in['’]t\b", "${1}m not"),
    (r"(?i)\b(let)['’]s\b", "${1} us"),
    (r"(?i)\b(y)['’]all\b", "${1}ou all"),
    (r"(?i)\b(\w+)n['’]t\b", "${1} not"),
    (r"(?i)\b(he|she|it|that|this|there|here|what|who|where|when|how|why)['’]s\b", "${1} is"),
    (r"(?i)\b(\w+)['’]re\b", "${1} are"),
    (r"(?i)\b(\w+)['’]ve\b", "${1} have"),
    (r"(?i)\b(\w+)['’]ll\b", "${1} will"),
    (r"(?i)\b(i)['’]m\b", "${1} am"),
    (r"(?i)\b(i|you|he|she|it|we|they|who|that|there)['’]d\b", "${1} would"),
)


@dataclass(frozen=True)
class Cleaning:
    """The settings of the cleaning of texts.

    Args:
        remove_stop_words: Remove words such as the, of and is.
        stem: Reduce each word to its stem, so that paints, painted and painting become paint. Stemmers expect lower case.
        detect_sentences: Write ||| between sentences.
        lower_case: Convert to lower case.
        remove_numbers: Remove numbers that are words of their own; digits inside a word stay.
        remove_special_characters: Remove all characters that are neither letters, digits nor spaces, such as punctuation and emoji.
        remove_duplicate_characters: Shorten a character that is repeated more than twice to two: soooo becomes soo.
        remove_emails: Remove email addresses.
        remove_urls: Remove web addresses: what starts with http, https, ftp or www.
        expand_contractions: Write English contractions in full: won't becomes will not, they're becomes they are.
        normalize_backslashes: Replace each backslash by a slash.
        split_on_special_characters: Split words at special characters inside them, such as & and -.
        pattern: A regular expression that is replaced before all other steps (syntax of the Rust regex crate).
        replacement: The replacement of every match of the pattern; $1 is its first group.
    """

    remove_stop_words: bool = True
    stem: Annotated[bool, Title("Reduce words to their stem")] = True
    detect_sentences: bool = True
    lower_case: Annotated[bool, Title("Lower case")] = True
    remove_numbers: bool = True
    remove_special_characters: bool = True
    remove_duplicate_characters: bool = True
    remove_emails: Annotated[bool, Title("Remove email addresses")] = True
    remove_urls: Annotated[bool, Title("Remove web addresses")] = True
    expand_contractions: bool = True
    normalize_backslashes: bool = True
    split_on_special_characters: bool = True
    pattern: Annotated[str, Title("Custom regular expression")] = ""
    replacement: Annotated[str, Title("Custom replacement")] = ""

    def check(self) -> None:
        """Check the pattern.

        Raises:
            ModuleError: `bad_pattern`.
        """
        try:
            pl.Series([""]).str.replace_all(self.pattern or "x", self.replacement)
        except pl.exceptions.PolarsError as wrong:
            said = str(wrong).strip().splitlines()[-1].removeprefix("error: ").rstrip(".")
            raise ModuleError(
                "bad_pattern",
                f"The regular expression is not valid: {said}.",
                param="pattern",
                remedy="Correct the expression. It has the syntax of the Rust regex crate.",
            ) from wrong


def cleaned(text: pl.Expr, english: pl.Expr, how: Cleaning) -> pl.Expr:
    """Return a text with everything done that does not look at single words. `english` says which texts have English contractions."""
    text = text.str.replace_all(END, " ", literal=True)
    if how.pattern:
        text = text.str.replace_all(how.pattern, how.replacement)
    for wanted, pattern in ((how.remove_urls, URL), (how.remove_emails, EMAIL)):
        text = text.str.replace_all(pattern, " ") if wanted else text
    if how.normalize_backslashes:
        text = text.str.replace_all("\\", "/", literal=True)
    if how.expand_contractions:
        text = pl.when(english).then(_expanded(text)).otherwise(text)
    if how.detect_sentences:
        text = text.str.replace_all(SENTENCE, f"${{1}} {END} ").str.replace_all(f"{NO_END} {END} ", "${1} ")
        text = text.str.replace_all(rf"[\s{END}]+$", "")
    if how.lower_case:
        text = text.str.to_lowercase()
    if how.remove_numbers:
        text = text.str.replace_all(NUMBER, " ")
    if how.split_on_special_characters:
        inside = rf"([\p{{L}}\p{{M}}\p{{N}}]){SPECIAL}+([\p{{L}}\p{{M}}\p{{N}}])"
        text = text.str.replace_all(inside, "${1} ${2}").str.replace_all(inside, "${1} ${2}")  # twice: matches of a-b-c overlap
    return text.str.replace_all(SPECIAL, "") if how.remove_special_characters else text


def _expanded(text: pl.Expr) -> pl.Expr:
    for pattern, written in CONTRACTIONS:
        text = text.str.replace_all(pattern, written)
    return text
