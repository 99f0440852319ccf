"""Files of uploads that were broken off."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from designer.datasets.leftovers import forget_uploads


def test_only_old_files_go(tmp_path: Path, settings: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    for name in ("old", "new"):
        (tmp_path / name).touch()
    os.utime(tmp_path / "old", (0, 0))
    assert forget_uploads() == 1
    assert [left.name for left in tmp_path.iterdir()] == ["new"]
