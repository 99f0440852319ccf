"""Wheels for tests, made here: no index is asked."""

from __future__ import annotations

import zipfile
from pathlib import Path


def wheel(folder: Path, name: str = "easel_trial", needs: str = "", code: str = "ANSWER = 42\n") -> Path:
    """A folder with a package of one module."""
    folder.mkdir(exist_ok=True)
    info = f"{name}-1.0.dist-info"
    facts = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{f'Requires-Dist: {needs}' if needs else ''}\n"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}.py", code)
        archive.writestr(f"{info}/METADATA", facts)
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return folder
