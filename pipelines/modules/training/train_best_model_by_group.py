"""Train Best Model by Group: a search over learners and settings for each group of rows."""

from __future__ import annotations

from typing import Annotated, Any

from pipelines.catalogue.columns import require
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Columns, Range, Seed, Title
from pipelines.catalogue.ports import Table
from pipelines.modelling.evaluation.undefined import check_label
from pipelines.modelling.families import libraries
from pipelines.modules.training._automl_metrics import AUTOMATIC, MetricName, metric_of
from pipelines.modules.training._automl_problem import Kind, task_of
from pipelines.modules.training._automl_running import Settings, allowed_learners
from pipelines.modules.training._choosing import OfSearch
from pipelines.modules.training._groups_kept import Trained, key_columns
from pipelines.modules.training._groups_trained import Asked, Learners, narrowed, trained
from pipelines.modules.training._windows import Judging

JUDGING, NAME = Judging(), "Best model"


def _before(table: Table, *, label: str, groups: Columns, learners: str, without: str, **_: Any) -> Any:
    key_columns(groups.pick(table), label)
    allowed_learners(learners, without)
    return None, None  # which task it is, the values of the label say


@module(
    "Train Best Model by Group",
    icon="medal",
    columns=_before,
    aliases=("AutoML by group", "many models", "automated machine learning", "model per group", "best model per key"),
    libraries=libraries(),
    lineage=Lineage(rows="new", label="label", trains=True),
)
def train_best_model_by_group(
    table: Table,
    *,
    label: Column,
    groups: Columns,
    task: Kind = "automatic",
    metric: MetricName = "automatic",
    seconds: Annotated[float, Title("Seconds for each group"), Range(1, 86_400)] = 10.0,
    trials: Annotated[int | None, Title("Trials for each group"), Range(1, 10_000)] = None,
    positive_class: str = "",
    learners: str = "",
    without: str = "",
    judging: Judging = JUDGING,
    may_fail_share: Annotated[float, Title("Groups that may fail (%)"), Range(0, 100)] = 5.0,
    seed: Seed = Seed(0),
) -> Trained:
    """Try learners and settings for each group of rows, such as each shop, within a time for each, and train the best of them.

    The search of a group is that of Train Best Model, on the rows of the group that its model is not judged on; its folds go by time where the latest rows are judged on.
    The winner is then trained and judged as Train Model by Group does it, which takes a little more time. A search has one process to itself; as many groups are searched at the
    same time as workers are free. All groups together take about their number times the seconds, divided by the worker processes; the log says how long before they start.

    Results depend on the speed of the machine, unless a number of trials is reached first. A group whose rows have not changed is not searched again; failed groups
    are searched again alone.

    When to use:
        For few groups that are worth minutes each. For thousands, connect two or three learners to Train Model by Group, which chooses among them in seconds.

    Args:
        table: The rows of all groups.
        label: The column to predict.
        groups: The columns whose values are the groups. They are no features.
        task: Whether to predict a class or a number. Automatic takes texts, two values and at most ten different whole numbers for classes.
        metric: What counts in the searches, and the first figure of each group. Automatic is AUC for two classes, log loss for several, and root mean
            squared error for a number; groups then have the usual figures first.
        seconds: The time of each search.
        trials: How many learners with settings are tried at most in each group; if empty, as many as the time allows.
        positive_class: For two classes, the class whose probability is predicted; if empty, the last in order.
        learners: The learners that may be used, separated by commas, as in Train Best Model; if empty, all that are installed.
        without: Learners that must not be used, separated by commas.
        judging: How the models are judged.
        may_fail_share: How many of the groups may fail before the step fails: 0 for none, 100 for all.
        seed: The random seed.

    Example:
        table: data.dataset
        label: "price"
        groups: ["fuel-type"]
        seconds: 6
        trials: 2
        learners: "linear"
        may_fail_share: 100
    """
    require(label, table, param="label")
    asked = Asked(label, groups.pick(table), positive_class, judging, may_fail_share, int(seed))
    found = narrowed(table, asked, task_of(table.frame[label], task))
    wanted = metric_of(found, metric)
    check_label(wanted, table.frame[label])
    allowed_learners(learners, without)
    settings = Settings(0.0, seconds, trials, None, None, learners, without)
    choose = OfSearch(found, label, positive_class, metric, settings, judging, int(seed))
    content = [metric, seconds, trials, learners, without]
    told = {"seconds": seconds, "trials": trials, "learners": learners, "without": without}
    main = None if metric == AUTOMATIC else wanted
    return trained(table, asked, found, Learners(NAME, choose, True, content, told, seconds, main))
