"""Score Model by Group: what the model of each row's group predicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.items import ItemResult
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Title, Titles
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Model, Table
from pipelines.kinds.models_by_group import ModelsByGroup
from pipelines.modelling.families import libraries
from pipelines.modelling.task import Score
from pipelines.modelling.tasks import tasks
from pipelines.modules.scoring._forecasts import forecast
from pipelines.modules.scoring._groups import by_own_models, filled, groups_of, own_scores, scored, tell

UNKNOWN = Titles(missing="Their predictions are missing", refuse="Refuse the table")


def _empty(models: ModelsByGroup, table: Table) -> Sequence[Score] | None:
    """The columns that models of the task add, as far as they are known."""
    model = Model(models.name, models.task, None, models.label, ())
    return tasks()[models.task].score_columns(model, table.frame.schema.get(models.label))


def _before(models: ModelsByGroup | None, table: Table, fallback: Model | None, *, append: bool, **_: Any) -> Table | None:
    if models is None or models.task not in tasks() or (columns := _empty(models, table)) is None:
        return None
    head = table.with_frame(table.frame.clear())
    return scored(models, head, by_own_models(*groups_of(models, head), [], columns), append)


@module(
    "Score Model by Group",
    icon="target",
    columns=_before,
    aliases=("predict", "many models", "per key", "by store"),
    libraries=libraries(),
    lineage=Lineage(rows="same", of=("table",), tests=True),
)
def score_model_by_group(
    models: ModelsByGroup,
    table: Table,
    fallback: Model | None = None,
    *,
    unknown: Annotated[Literal["missing", "refuse"], Title("Groups without a model"), UNKNOWN] = "missing",
    append: Annotated[bool, Title("Keep input columns")] = True,
    threshold: Annotated[float | None, Range(0, 1)] = None,
) -> Table:
    """Predict the label of each row with the model of its group.

    A row belongs to the group with the same values in the columns of groups; missing values are equal. The columns that are added are those of Score Model, and
    Scored By: own model, fallback model, no model, or failed. Rows of a group that has no model are scored by the fallback model, if one is connected, such as
    one that Train Model trained on all groups. Without it their predictions are missing, or the table is refused. So are those of a group whose own model
    cannot score its rows; the log says why.

    Models of Train Lag Models by Series forecast: see there.

    When to use:
        After Train Model by Group, for test rows or for new rows.

    Args:
        models: The models by group.
        table: The rows to predict, with the columns of groups and the feature columns of the training table.
        fallback: The model for rows of groups that have none.
        unknown: What happens to rows of groups that have no model, if no fallback model is connected.
        append: Keep the columns of the table before the scores. If off, the output has the scores, the label and the model of each row only.
        threshold: For two classes, the probability at or above which the positive class is predicted; if empty, the own one of each model, else 0.5.

    Returns:
        The rows with their scores.

    Example:
        table: data.dataset
    """
    parts, known = groups_of(models, table)
    lost = [name for name, place in zip(parts.names, known, strict=True) if place is None]
    if lost and fallback is None and unknown == "refuse":
        some = ", ".join(f"“{name}”" for name in lost[:5])
        raise ModuleError(
            "unknown_groups",
            f"{counted(len(lost), 'group')} of {len(parts):,} {'has' if len(lost) == 1 else 'have'} no model: {some}.",
            port="table",
            remedy="Connect a fallback model, or let their predictions be missing.",
        )
    columns = _empty(models, table) or ()
    results: Sequence[ItemResult] = ()
    if models.lags:
        found = forecast(models, table, parts, known, columns)
    else:
        results = own_scores(models, table, parts, known, threshold)
        found = by_own_models(parts, known, results, columns)
    if fallback is not None:
        found = filled(found, table, fallback, threshold)
    whole = scored(models, table, found, append, threshold)
    tell(whole, results)
    return whole
