"""How the reader says that a file is not what it can take."""

from __future__ import annotations


class Unreadable(Exception):
    """A file that will not be read: a code for programs, words and a remedy for people."""

    def __init__(self, code: str, words: str, remedy: str) -> None:
        super().__init__(words)
        self.code, self.words, self.remedy = code, words, remedy

    def as_json(self) -> dict[str, str]:
        """The failure as the child prints it."""
        return {"code": self.code, "words": self.words, "remedy": self.remedy}
