"""pip for environments: wheels only, and its output summarized in one sentence."""

from __future__ import annotations

import re

# Wheels only: no package code runs during the installation.
INSTALL = ["install", "--only-binary=:all:", "--no-cache-dir", "--no-input", "--progress-bar=off"]
INSTALL += ["--disable-pip-version-check", "--root-user-action=ignore"]

MISSING = re.compile(r"Could not find a version that satisfies the requirement (?P<what>.+?) \(from versions: (?P<versions>.*)\)")
UNREACHABLE = re.compile(r"after connection broken by '(?P<why>.+)'|HTTP error \d{3} while getting|Could not fetch URL .*connection error")
CONFLICT = re.compile(r"^\s{4}(?P<who>The user requested (?:\(constraint\) )?|\S+ \S+ depends on )(?P<what>.+)$")
ONLY_WHEELS = "Only wheels are installed: no program is started for a package."
FULL = re.compile(r"\[Errno (?:28|122)\]|No space left on device|Disk quota exceeded")
MOST_VERSIONS = 5


class Said:
    """Parses pip's output for the cause of a failure."""

    def __init__(self) -> None:
        self._error = self._missing = ""
        self._is_unreachable = self._is_full = self._is_source = False
        self._conflict: list[str] = []

    def hear(self, line: str) -> None:
        """Parse a line of its output."""
        self._is_full = self._is_full or bool(FULL.search(line))
        self._is_unreachable = self._is_unreachable or bool(UNREACHABLE.search(line))
        self._is_source = self._is_source or ONLY_WHEELS in line
        if found := MISSING.search(line):
            self._missing = self._missing or _missing(found["what"], found["versions"])
        if found := CONFLICT.match(line):
            self._conflict.append(_party(found["who"], found["what"]))
        if line.startswith("ERROR: "):
            self._error = self._error or line.removeprefix("ERROR: ")

    def why(self) -> str:
        """Return why it failed, in a sentence."""
        if self._is_full:
            return "There is no room left on the disk where it is built. Make room there, then build again."
        if self._is_source:
            return "A package of the list needs another that comes as source, by its address. Only wheels are installed, so that no code of theirs runs."
        if self._conflict:
            return f"The packages do not go together: {'; '.join(dict.fromkeys(self._conflict))}."
        if self._is_unreachable and (not self._missing or "no package" in self._missing):
            return "The package index does not answer. Look at the network and at EASEL_PIP_CONFIG, then build again."
        return self._missing or self._error or "pip ended without saying why; the log says more."


def _missing(what: str, versions: str) -> str:
    if versions.strip() in ("", "none"):
        return (
            f"There is no package for '{what}' that can be installed here as a wheel. Look at its name, and for a version that has wheels."
        )
    known = versions.split(", ")
    latest = ", ".join(known[-MOST_VERSIONS:])
    return f"There is no version for '{what}' that can be installed here as a wheel. {'The latest' if len(known) > MOST_VERSIONS else 'There are'}: {latest}."


def _party(who: str, what: str) -> str:
    if "(constraint)" in who:
        return f"Easel itself has {what}"
    return f"the list asks for {what}" if who.startswith("The user") else f"{who.strip()} {what}"
