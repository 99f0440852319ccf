"""Numbers of rows as a person writes them."""

from __future__ import annotations

import numpy as np

from pipelines.catalogue.errors import ModuleError

MOST = 20


def read_rows(text: str, height: int) -> np.ndarray:
    """The places of the rows in a list such as `3, 17`, in order.

    Raises:
        ModuleError: `bad_rows`, for what is no row of the table, or for too many.
    """
    words = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    wrong = [word for word in words if not (word.isascii() and word.isdecimal() and 1 <= int(word[:12]) <= height)]
    if wrong or len(words) > MOST:
        what = (
            f"“{wrong[0][:20]}” is no row of this table, which has the rows 1 to {height:,}"
            if wrong
            else f"{len(words)} rows are too many to draw"
        )
        raise ModuleError("bad_rows", f"{what}.", param="draw_rows", remedy=f"Enter up to {MOST} numbers of rows, separated by commas.")
    return np.array([int(word) - 1 for word in words], dtype=int)
