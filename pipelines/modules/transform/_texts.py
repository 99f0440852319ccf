"""What can be done with texts: a table of operations and their settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Range, Title, Titles, When
from pipelines.modules.transform._comparing import check_pattern

Operation = Annotated[
    Literal[
        "trim",
        "squeeze",
        "lower",
        "upper",
        "title",
        "plain",
        "replace",
        "extract",
        "part",
        "pad",
        "contains",
        "count",
        "length",
        "split",
        "join",
    ],
    Titles(
        trim="Trim whitespace",
        squeeze="Trim and collapse whitespace",
        lower="Lower case",
        upper="Upper case",
        title="Title case",
        plain="Remove accents",
        replace="Replace text",
        extract="Extract with a regular expression",
        part="Substring by position",
        pad="Pad to a length",
        contains="Contains text",
        count="Count occurrences",
        length="Length",
        split="Split into columns",
        join="Concatenate columns",
    ),
]


@dataclass(frozen=True)
class How:
    """The settings of text operations.

    Args:
        pattern: The text to find, or a regular expression such as [0-9]+ (syntax of the Rust regex crate).
        regular_expression: Interpret the text to find as a regular expression.
        match_case: Distinguish upper and lower case.
        replacement: The replacement of every match. With a regular expression, $1 is its first group and $$ is a dollar sign.
        group: The number of the group to extract; 0 for the whole match.
        first: The position of the first character, from 1; −1 is the last character, −2 the one before it.
        characters: The number of characters to take, or the minimum length.
        side: Where to add characters.
        fill: The character to add.
        parts: The number of columns. The last one contains the rest of the text; columns without a part are missing.
        separator: The text between the parts.
        name: The name of the new column.
        skip_missing: Skip missing values. If off, a missing value makes the whole text missing.
    """

    pattern: Annotated[str, Title("Text to find"), When("operation", "replace", "extract", "contains", "count")] = ""
    regular_expression: Annotated[bool, When("operation", "replace", "contains", "count")] = False
    match_case: Annotated[bool, When("operation", "replace", "extract", "contains", "count")] = True
    replacement: Annotated[str, When("operation", "replace")] = ""
    group: Annotated[int, Range(0, 100), When("operation", "extract")] = 0
    first: Annotated[int, Title("First character"), Range(-1_000_000, 1_000_000), When("operation", "part")] = 1
    characters: Annotated[int, Range(1, 1_000_000), When("operation", "part", "pad")] = 10
    side: Annotated[Literal["start", "end"], Titles(start="At the start", end="At the end"), When("operation", "pad")] = "start"
    fill: Annotated[str, Title("Fill character"), When("operation", "pad")] = "0"
    parts: Annotated[int, Title("Number of columns"), Range(2, 1000), When("operation", "split")] = 2
    separator: Annotated[str, When("operation", "split", "join")] = " "
    name: Annotated[str, Title("Column name"), When("operation", "join")] = "joined"
    skip_missing: Annotated[bool, When("operation", "join")] = True

    def expression(self, operation: str) -> tuple[str, bool]:
        """Return what is looked for, and whether it is taken literally."""
        regular = self.regular_expression or operation == "extract"
        if self.match_case:
            return self.pattern, not regular
        return f"(?i){self.pattern if regular else pl.escape_regex(self.pattern)}", False

    def check(self, operation: str) -> None:
        """Refuse settings with which an operation makes no sense.

        Raises:
            ModuleError: `no_pattern`, `bad_pattern`, `no_group` or `wrong_value`.
        """
        if operation in ("replace", "extract", "contains", "count"):
            self._check_pattern(operation)
        if operation == "pad" and len(self.fill) != 1:
            raise _wrong(f"“{self.fill[:20]}” is not one character.", "fill", "Give one character, such as 0.")
        if operation == "split" and not self.separator:
            raise _wrong("The separator is empty.", "separator", "Give the text between the parts, such as a comma.")
        if operation == "part" and self.first == 0:
            raise _wrong("There is no position 0.", "first", "Count from 1, or from −1 at the end.")
        if operation == "join" and not self.name.strip():
            raise _wrong("The new column has no name.", "name", "Name it.")

    def _check_pattern(self, operation: str) -> None:
        if not self.pattern:
            raise ModuleError(
                "no_pattern", "The text to find is empty.", param="pattern", remedy="Give the text or the regular expression."
            )
        pattern, literal = self.expression(operation)
        if literal:
            return
        check_pattern(pattern)
        if operation == "extract" and self.group:
            groups = pl.select(pl.lit("").str.extract_groups(pattern).alias("g")).schema["g"]
            have = len(groups.fields) if isinstance(groups, pl.Struct) else 0
            if self.group > have:
                raise ModuleError(
                    "no_group",
                    f"The regular expression has {have} groups, not {self.group}.",
                    param="group",
                    remedy="Put the part to extract in brackets, or extract group 0, the whole match.",
                )


def _wrong(words: str, param: str, remedy: str) -> ModuleError:
    return ModuleError("wrong_value", words, param=param, remedy=remedy)


def _replaced(text: pl.Expr, how: How) -> pl.Expr:
    pattern, literal = how.expression("replace")
    replacement = how.replacement if literal or how.regular_expression else how.replacement.replace("$", "$$")
    return text.str.replace_all(pattern, replacement, literal=literal)


def _extracted(text: pl.Expr, how: How) -> pl.Expr:
    return text.str.extract(how.expression("extract")[0], how.group)


def _contains(text: pl.Expr, how: How) -> pl.Expr:
    pattern, literal = how.expression("contains")
    return text.str.contains(pattern, literal=literal)


def _counted(text: pl.Expr, how: How) -> pl.Expr:
    pattern, literal = how.expression("count")
    return text.str.count_matches(pattern, literal=literal).cast(pl.Int64)


def _part(text: pl.Expr, how: How) -> pl.Expr:
    return text.str.slice(how.first - 1 if how.first > 0 else how.first, how.characters)


def _padded(text: pl.Expr, how: How) -> pl.Expr:
    return text.str.pad_start(how.characters, how.fill) if how.side == "start" else text.str.pad_end(how.characters, how.fill)


OPERATIONS: Mapping[str, Callable[[pl.Expr, How], pl.Expr]] = {
    "trim": lambda text, _: text.str.strip_chars(),
    "squeeze": lambda text, _: text.str.replace_all(r"\s+", " ").str.strip_chars(),
    "lower": lambda text, _: text.str.to_lowercase(),
    "upper": lambda text, _: text.str.to_uppercase(),
    "title": lambda text, _: text.str.to_titlecase(),
    "plain": lambda text, _: text.str.normalize("NFD").str.replace_all(r"\p{Mn}", "").str.normalize("NFC"),
    "replace": _replaced,
    "extract": _extracted,
    "part": _part,
    "pad": _padded,
    "contains": _contains,
    "count": _counted,
    "length": lambda text, _: text.str.len_chars().cast(pl.Int64),
}
