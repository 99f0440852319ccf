"""The metrics that a search over learners may be for: those of its three tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Titles
from pipelines.catalogue.phrases import listed
from pipelines.modelling.automl.judge import DEFAULTS
from pipelines.modelling.task import LabelTask, Metric, offered
from pipelines.modelling.tasks import label_tasks

AUTOMATIC = "automatic"
OFFERED = {metric.key: metric.title for task in DEFAULTS for metric in offered(label_tasks()[task])}

if TYPE_CHECKING:
    MetricName = str
else:
    MetricName = Annotated[Literal[(AUTOMATIC, *OFFERED)], Titles(**{AUTOMATIC: "Automatic", **OFFERED})]


def metric_of(task: LabelTask, key: str) -> Metric:
    """Return the metric of a task.

    Raises:
        ModuleError: `unknown_metric`.
    """
    wanted = DEFAULTS[task.id] if key == AUTOMATIC else key
    for metric in offered(task):
        if metric.key == wanted:
            return metric
    raise ModuleError(
        "unknown_metric",
        f"{OFFERED.get(key, key)} is not a metric of this task ({task.id.replace('_', ' ')}).",
        param="metric",
        remedy=f"Select Automatic, or one of {listed([metric.title for metric in offered(task)])}.",
    )
