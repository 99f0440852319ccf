"""The metrics that a search over learners may be for: those of its three tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Groups, Titles
from pipelines.modelling.automl.judge import DEFAULTS
from pipelines.modelling.task import LabelTask, Metric, offered
from pipelines.modelling.tasks import label_tasks

AUTOMATIC = "automatic"
OFFERED = {metric.key: metric.title for task in DEFAULTS for metric in offered(label_tasks()[task])}
OF_TASKS = {
    ("two_class",): "Two classes",
    ("two_class", "multi_class"): "Two or more classes",
    ("multi_class",): "Several classes",
    ("regression",): "Numbers",
}
HEADINGS = {
    key: OF_TASKS[tuple(task for task in DEFAULTS if key in {each.key for each in offered(label_tasks()[task])})] for key in OFFERED
}

if TYPE_CHECKING:
    MetricName = str
else:
    ORDERED = sorted(OFFERED, key=lambda key: list(OF_TASKS.values()).index(HEADINGS[key]))
    MetricName = Annotated[Literal[(AUTOMATIC, *ORDERED)], Titles(**{AUTOMATIC: "Automatic", **OFFERED}), Groups(HEADINGS)]


def metric_of(task: LabelTask, key: str) -> Metric:
    """Return the metric of a task.

    Raises:
        ModuleError: `unknown_metric`.
    """
    wanted = DEFAULTS[task.id] if key == AUTOMATIC else key
    for metric in offered(task):
        if metric.key == wanted:
            return metric
    names = "; ".join(metric.title for metric in offered(task))
    raise ModuleError(
        "unknown_metric",
        f"{OFFERED.get(key, key)} is not a metric of this task ({task.id.replace('_', ' ')}).",
        param="metric",
        remedy=f"Select Automatic, or one of {names}.",
    )
