"""Vowpal Wabbit in this process: its command line, its examples as text, training and prediction."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.reporting import progress

# What may be set: the number of values of each option. Whatever reads or writes files, opens ports, or changes what is predicted is not among them.
FLAGS = ("--noconstant", "--adaptive", "--invariant", "--normalized", "--sgd", "--ftrl", "--coin", "--inpass", "--dropout", "--holdout_off")
VALUES = (
    *(
        "--bit_precision",
        "--learning_rate",
        "--power_t",
        "--initial_t",
        "--decay_learning_rate",
        "--l1",
        "--l2",
        "--constant",
        "--random_seed",
    ),
    *(
        "--quadratic",
        "--cubic",
        "--interactions",
        "--ngram",
        "--skips",
        "--ignore",
        "--ignore_linear",
        "--keep",
        "--hash",
        "--nn",
        "--boosting",
    ),
    *("--ftrl_alpha", "--ftrl_beta", "--loss_function", "--quantile_tau"),
)
SHORT = {"-b": "--bit_precision", "-l": "--learning_rate", "-q": "--quadratic"}
SEPARATES = r"[%|:\s\x00-\x1f]"
VALUE = re.compile(r"[\w.:+\-]{1,50}")
MOST_BITS = 26  # 2 to the power of this, times 16 bytes, is 1 GB
EVERY = 10_000  # examples between two reports of progress


def read_arguments(text: str, task: str) -> tuple[str, ...]:
    """Return the options in a text, each with its value, after a check.

    Raises:
        ModuleError: `bad_arguments` or `refused_option`.
    """
    try:
        parts = [piece for part in shlex.split(text) for piece in (part.split("=", 1) if part.startswith("--") else [part])]
    except ValueError as wrong:
        raise _bad(f"The arguments cannot be read: {wrong}.") from wrong
    found: list[str] = []
    while parts:
        option = parts.pop(0)
        option = SHORT.get(option, option)
        if option not in (*FLAGS, *VALUES) or (option == "--loss_function" and task != "regression"):
            words = f"The option “{option[:50]}” is not allowed" + (
                " for classes, whose loss is logistic." if option == "--loss_function" else "."
            )
            allowed = ", ".join(sorted((*FLAGS, *VALUES)))
            raise ModuleError("refused_option", words, param="arguments", remedy=f"Use options among {allowed}.")
        found.append(option)
        if option in VALUES:
            if not parts or not VALUE.fullmatch(parts[0]):
                raise _bad(f"The option “{option}” needs a value of letters, digits and dots.")
            found.append(parts.pop(0))
            if option == "--bit_precision" and not (found[-1].isdecimal() and 1 <= int(found[-1]) <= MOST_BITS):
                raise _bad(f"The bit precision must be a whole number from 1 to {MOST_BITS}, not “{found[-1]}”.")
    return tuple(found)


def _bad(words: str) -> ModuleError:
    return ModuleError("bad_arguments", words, param="arguments", remedy="Correct the arguments, such as -q nc --l2 1e-6.")


def for_task(arguments: Iterable[str], task: str, classes: Sequence[str] | None) -> tuple[str, ...]:
    """Return the options with those that the task needs."""
    logistic = ("--loss_function", "logistic")
    more = {"two_class": (*logistic, "--link", "logistic"), "multi_class": ("--oaa", str(len(classes or ())), *logistic, "--probabilities")}
    return (*arguments, *more.get(task, ()))


def examples(frame: pl.DataFrame, *, words: bool) -> pl.Series:
    """Return the features of each row in Vowpal Wabbit's text format: numbers in namespace n, categories in c, words of texts in t."""
    spaces: dict[str, list[pl.Expr]] = {"|n": [], "|c": [], "|t": []}
    names = pl.DataFrame({"name": frame.columns}, schema={"name": pl.String}).select(_escaped(pl.col("name"))).to_series()
    for (column, dtype), escaped in zip(frame.schema.items(), names, strict=True):
        value, name = pl.col(column), pl.lit(escaped)
        if dtype != pl.String:
            text = pl.concat_str(name, pl.lit(":"), value.cast(pl.String))
            spaces["|n"].append(pl.when(value.is_finite() & (value != 0)).then(text))
        elif words:
            spaces["|t"].append(value.str.to_lowercase().str.extract_all(r"\w+").list.join(" "))
        else:
            needs_escapes = bool(frame[column].str.contains(SEPARATES).any())  # few values do; each replacement costs a pass
            spaces["|c"].append(pl.concat_str(name, pl.lit("="), _escaped(value) if needs_escapes else value))
    parts = [part for space, texts in spaces.items() for part in (pl.lit(space), *texts)]
    return frame.select(pl.concat_str(parts, separator=" ", ignore_nulls=True).alias("example")).to_series()


def _escaped(text: pl.Expr) -> pl.Expr:
    """Percent-encode what separates features: %, |, : and all white space and control characters."""
    for sign in ("%", "|", ":"):
        text = text.str.replace_all(sign, f"%{ord(sign):02X}", literal=True)
    for sign in " \t\n\r\x0b\x0c":
        text = text.str.replace_all(sign, f"%{ord(sign):02X}", literal=True)
    return text.str.replace_all(r"[\x00-\x1f\s]", "_")


@contextmanager
def _workspace(arguments: Sequence[str], data: bytes | None) -> Iterator[Any]:
    """A running Vowpal Wabbit, which starts from a model if there is one."""
    from vowpalwabbit import Workspace

    with TemporaryDirectory() as folder:
        start = Path(folder) / "start"
        start.write_bytes(data or b"")
        try:
            made = Workspace(arg_list=["--quiet", *arguments, *(["-i", str(start)] if data else [])])
        except RuntimeError as wrong:
            raise _bad(f"Vowpal Wabbit does not accept the arguments: {' '.join(str(wrong).split())[:200].rstrip('.')}.") from wrong
        try:
            yield made
        finally:
            made.finish()


def train(lines: Sequence[str], arguments: Sequence[str], data: bytes | None, passes: int) -> tuple[bytes, float]:
    """Return the file of a model that has learned the lines, and its mean loss on each line before it learned it."""
    with _workspace(arguments, data) as made, TemporaryDirectory() as folder:
        before = made.get_sum_loss(), made.get_weighted_examples()
        for done in range(passes):
            for at, line in enumerate(lines):
                if at % EVERY == 0:
                    progress(done * len(lines) + at, passes * len(lines), "examples")
                made.learn(line)
        loss = (made.get_sum_loss() - before[0]) / max(made.get_weighted_examples() - before[1], 1e-300)
        made.save(str(Path(folder) / "model"))
        return (Path(folder) / "model").read_bytes(), loss


def predict(lines: Sequence[str], arguments: Sequence[str], data: bytes) -> np.ndarray:
    """Return the prediction for each line: a number, or a probability for each class."""
    with _workspace([*arguments, "--testonly"], data) as made:
        found = []
        for at, line in enumerate(lines):
            if at % EVERY == 0:
                progress(at, len(lines), "examples")
            found.append(made.predict(line))
        return np.asarray(found, dtype=float)
