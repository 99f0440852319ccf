"""pip for environments: wheels only, and its output summarized in one sentence."""

from __future__ import annotations

import re

# Wheels only: no package code runs during the installation.
INSTALL = ["install", "--only-binary=:all:", "--no-cache-dir", "--no-input", "--progress-bar=off"]
INSTALL += ["--disable-pip-version-check", "--root-user-action=ignore"]

MISSING = re.compile(r"Could not find a version that satisfies the requirement (?P<what>.+?) \(from versions: (?P<versions>.*)\)")
UNREACHABLE = re.compile(r"after connection broken by '(?P<why>.+)'|HTTP error \d{3} while getting|Could not fetch URL .*connection error")
CONFLICT = re.compile(r"^\s{4}(?P<who>The user requested (?:\(constraint\) )?|\S+ \S+ depends on )(?P<what>.+)$")
ONLY_WHEELS = "Only wheels are installed; packages cannot start programs."
FULL = re.compile(r"\[Errno (?:28|122)\]|No space left on device|Disk quota exceeded")
MOST_VERSIONS = 5


class Said:
    """Parses pip's output for the cause of a failure."""

    def __init__(self) -> None:
        self._error = self._missing = ""
        self._is_unreachable = self._is_full = self._is_source = self._has_versions = False
        self._conflict: list[str] = []

    def hear(self, line: str) -> None:
        """Parse a line of its output."""
        self._is_full = self._is_full or bool(FULL.search(line))
        self._is_unreachable = self._is_unreachable or bool(UNREACHABLE.search(line))
        self._is_source = self._is_source or ONLY_WHEELS in line
        if found := MISSING.search(line):
            self._has_versions = self._has_versions or found["versions"].strip() not in ("", "none")
            self._missing = self._missing or _missing(found["what"], found["versions"])
        if found := CONFLICT.match(line):
            self._conflict.append(_party(found["who"], found["what"]))
        if line.startswith("ERROR: "):
            self._error = self._error or line.removeprefix("ERROR: ")

    def why(self) -> str:
        """Return why it failed, in a sentence."""
        if self._is_full:
            return "The disk of the build is full. Free disk space there, then build again."
        if self._is_source:
            return "A listed package depends on a source package at an address. Only wheels are installed, so that no code of packages runs during the build."
        if self._conflict:
            return f"The packages conflict: {'; '.join(dict.fromkeys(self._conflict))}."
        if self._is_unreachable and not self._has_versions:
            return "The package index does not answer. Check the network and EASEL_PIP_CONFIG, then build again."
        return self._missing or self._error or "pip failed without a reason. See the build log."


def _missing(what: str, versions: str) -> str:
    if versions.strip() in ("", "none"):
        return f"There is no wheel of “{what}” that can be installed here. Check the name, or use a version that has wheels."
    known = versions.split(", ")
    latest = ", ".join(known[-MOST_VERSIONS:])
    return f"There is no wheel of “{what}” that can be installed here. {'Latest versions' if len(known) > MOST_VERSIONS else 'Versions'}: {latest}."


def _party(who: str, what: str) -> str:
    if "(constraint)" in who:
        return f"Easel itself has {what}"
    return f"the list requires {what}" if who.startswith("The user") else f"{who.strip()} {what}"
