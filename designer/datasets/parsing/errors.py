"""The parser's error."""

from __future__ import annotations


class Unreadable(Exception):
    """A file that is rejected: a code for programs, a message and a remedy for people."""

    def __init__(self, code: str, words: str, remedy: str) -> None:
        super().__init__(words)
        self.code, self.words, self.remedy = code, words, remedy

    def as_json(self) -> dict[str, str]:
        """The error as the child process prints it."""
        return {"code": self.code, "words": self.words, "remedy": self.remedy}
