"""What a module does with rows and columns, as far as validation asks: which rows it returns, what it learns from them, where columns come from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

# How the rows of the first table output relate to those that arrive:
# same    each row that arrives, perhaps changed
# some    rows that arrive, chosen by their values (or not known better)
# parts   each row that arrives at one of the outputs, drawn at random
# chosen  each row that arrives at one of the outputs, chosen by its values
# new     rows of another kind, such as a row for each group
RowsKind = Literal["same", "some", "parts", "chosen", "new"]
# Of a module that does not say it by `rows` and `fits`: whether it may compute training rows apart from others (preprocessing.py).
# training  it changes training rows only
# never     values depend on neighbouring rows, or rows are numbered: it needs all rows together
Apart = Literal["training", "never"]
# What it does with the rows of a request to a scoring graph, where it does not follow from the above:
# each     it computes each row by itself, whatever the others are
# through  it passes the rows on as they are: it only chooses, draws or orders training rows
# never    the result of a row depends on other rows
Serves = Literal["each", "through", "never"]
Settings = Mapping[str, Any]
# (settings as the function receives them, tables without rows in the order of the ports) -> new column: (place of its table, column) of its values.
Derives = Callable[..., Mapping[str, Iterable[tuple[int, str]]]]


@dataclass(frozen=True)
class Lineage:
    """The declaration of a module; what is not declared follows from its ports.

    Args:
        rows: How its rows relate to those that arrive, or a rule of the settings; None: "some", or unknown where several tables arrive.
        of: The input ports whose rows it returns, or a rule of the settings; tables at other inputs are looked up in. None: all.
        fits: Whether values of a row depend on other rows, or a rule of the settings; None: whether it returns a transformation.
        label: The setting that names the column it learns to predict.
        derives: A rule that says where columns with new names come from; None: from the selected columns whose names they contain, else from all.
        apart: What refitting it on training rows means, or a rule of the settings, where it does not follow from the above.
        serves: What it does with rows of a request, or a rule of the settings, where it does not follow from the above.
        for_requests: The settings, as JSON, with which it computes each row of a request, where they differ from those for training rows.
        for_columns: A rule of the settings and of columns that do not arrive with a request: the settings, as JSON, that do without these.
        returning: A rule of the settings and a column: the settings, as JSON, with which it returns this column of its first table too.
        trains: Whether it trains a model to predict that column from the feature columns of its first table.
        tests: Whether it predicts the rows of its table with a model, or a rule of the settings: these rows should be new to the model.
    """

    rows: RowsKind | Callable[[Settings], RowsKind | None] | None = None
    of: tuple[str, ...] | Callable[[Settings], tuple[str, ...] | None] | None = None
    fits: bool | Callable[[Settings], bool] | None = None
    label: str | None = None
    derives: Derives | None = None
    apart: Apart | Callable[[Settings], Apart | None] | None = None
    serves: Serves | Callable[[Settings], Serves | None] | None = None
    for_requests: Callable[[Settings], Mapping[str, Any]] | None = None
    for_columns: Callable[[Settings, Collection[str]], Mapping[str, Any]] | None = None
    returning: Callable[[Settings, str], Mapping[str, Any]] | None = None
    trains: bool = False
    tests: bool | Callable[[Settings], bool] = False


def told(declared: Any, settings: Settings) -> Any:
    """Return what is declared, by its rule if it is one."""
    return declared(settings) if callable(declared) else declared
