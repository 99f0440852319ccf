"""The error of a module that cannot do what was requested."""

from __future__ import annotations

import polars as pl

# All unforeseen exceptions of module code: neither a panic inside polars nor an exit is an Exception.
UNFORESEEN = (Exception, pl.exceptions.PanicException, SystemExit)


class ModuleError(Exception):
    """A failure that a user can fix.

    Args:
        code: A short stable name, such as `unknown_column`.
        words: What happened, in a sentence.
        port, param, column: The place, as far as it is known.
        remedy: How to fix it.
        transient: Whether a retry may succeed, such as after a broken connection; a node may be set to retry.
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
