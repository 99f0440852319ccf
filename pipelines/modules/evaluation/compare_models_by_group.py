"""Compare Models by Group: which groups are better or worse than with earlier models, and which are new or gone."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Title
from pipelines.catalogue.ports import Report, Table
from pipelines.kinds.models_by_group import ModelsByGroup
from pipelines.modules.evaluation._fleets import compared, head, main_metric, report, tell


class Compared(NamedTuple):
    """What has changed.

    Args:
        table: A row for each group, with its state and both figures.
        report: How many groups are better, worse, new and gone, both figures of each, and the groups that have become worst.
    """

    table: Table
    report: Report


def _before(models: ModelsByGroup | None, earlier: ModelsByGroup | None, **_: Any) -> tuple[Table | None, None]:
    if models is None or earlier is None or not models.keys.width:
        return None, None
    return Table(head(models, main_metric(models, earlier))), None


@module(
    "Compare Models by Group",
    icon="arrows-diff",
    columns=_before,
    aliases=("many models", "fleet", "retrain", "champion challenger", "improved", "worse"),
    libraries=("numpy",),
    lineage=Lineage(rows="new"),
)
def compare_models_by_group(
    models: ModelsByGroup,
    earlier: ModelsByGroup,
    *,
    smallest_change: Annotated[float, Title("Smallest change that counts (%)"), Range(0, 100)] = 1.0,
) -> Compared:
    """Compare the models of groups with those of an earlier training: which groups are better, worse, new or gone.

    Groups are the same if the values of their columns are. The figure is the main one of the training, such as WAPE. A group is improved or worse if the figure
    has changed by more than the smallest change, in percent of the earlier figure; otherwise it is about the same. New groups have a model now only, and gone
    ones had one earlier only: they are not in the rows any more, or could not be trained. Groups without a figure in both are not judged.

    Each figure is that of its own training: of the rows that were kept from it then. Where the rows of a group have changed, the column says so, and a part of
    the difference may be that of the rows. To judge both on the same rows, score them with both, and compare the scores with Evaluate Model.

    When to use:
        Before models that were trained again take the place of those in use.

    Args:
        models: The models by group, trained again.
        earlier: Those to compare with, such as from Load Models by Group.
        smallest_change: By how many percent the figure has to change to count.

    Example:
        models: training.train_model_by_group
        earlier: training.train_model_by_group
    """
    metric = main_metric(models, earlier)
    found = compared(models, earlier, metric, smallest_change / 100)
    tell(found)
    return Compared(Table(found), report(models, found, metric))
