"""How a module says that it cannot do what was asked."""

from __future__ import annotations

import polars as pl

# What code may raise that nobody foresaw: neither a panic inside polars nor an exit is an Exception.
STRAY = (Exception, pl.exceptions.PanicException, SystemExit)


class ModuleError(Exception):
    """A failure a person can act on.

    Args:
        code: A short name that does not change, such as `unknown_column`.
        words: What happened, in a sentence.
        port, param, column: The place, as far as it is known.
        remedy: What to do about it.
        transient: Whether the same may well succeed a little later, such as after a broken connection; a node may be set to try again.
    """

    def __init__(
        self,
        code: str,
        words: str,
        *,
        port: str | None = None,
        param: str | None = None,
        column: str | None = None,
        remedy: str | None = None,
        transient: bool = False,
    ) -> None:
        super().__init__(words)
        self.code, self.words, self.remedy = code, words, remedy
        self.port, self.param, self.column = port, param, column
        self.transient = transient
