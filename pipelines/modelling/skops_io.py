"""skops, imported without the libraries for which scikit-learn has adapters.

At its import skops lists scikit-learn's estimators. For the list scikit-learn imports all of its packages, and those of its adapters
import PyTorch, CuPy and Dask where they are installed, which takes seconds. None of them has an estimator.
"""

from __future__ import annotations

import sys

ADAPTERS = [f"sklearn.externals.array_api_compat.{library}" for library in ("cupy", "dask", "torch")]

_unloaded = [name for name in ADAPTERS if name not in sys.modules]
sys.modules.update(dict.fromkeys(_unloaded))  # None means that there is no such module, which the list passes over
try:
    import skops.io
    from skops.io._utils import SaveContext, get_state
    from skops.io.exceptions import UntrustedTypesFoundException
finally:
    for name in _unloaded:
        del sys.modules[name]

__all__ = ["SaveContext", "UntrustedTypesFoundException", "get_state", "skops"]
