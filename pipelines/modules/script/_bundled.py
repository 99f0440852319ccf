"""A script bundle where Python finds it, as long as a script runs."""

from __future__ import annotations

import importlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.kinds.bundle import Bundle


@contextmanager
def importable(bundle: Bundle | None) -> Iterator[Path | None]:
    """Unpack a bundle and append its folder to the path, so that it replaces no package; what was imported from it is forgotten at the end."""
    if bundle is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="bundle-"))
    try:
        bundle.unpack(folder)
        sys.path.append(str(folder))
        importlib.invalidate_caches()
        yield folder
    finally:
        if str(folder) in sys.path:
            sys.path.remove(str(folder))
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None) or "").startswith(f"{folder}/"):
                del sys.modules[name]
        shutil.rmtree(folder, ignore_errors=True)
