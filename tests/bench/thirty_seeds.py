"""The samples over thirty random splits, beside the published figures. Run: python -m tests.bench.thirty_seeds"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from tests.support.module_runner import run_graph, sample

SEEDS = range(30)
PUBLISHED: Mapping[tuple[str, str], Mapping[str, float]] = {
    ("automobile_price", "Linear Regression"): {"r2": 0.8682, "mean_absolute_error": 1773.61, "root_mean_squared_error": 2461.70},
    ("automobile_price_advanced", "Boosted Decision Tree Regression"): {
        "r2": 0.8271,
        "mean_absolute_error": 2029.46,
        "root_mean_squared_error": 3468.29,
    },
    ("income", "Two-Class Boosted Decision Tree"): {"accuracy": 0.848, "auc": 0.894, "f1": 0.627, "precision": 0.756, "recall": 0.535},
}


def main() -> None:
    """Print median and range of each figure."""
    for (slug, model), published in PUBLISHED.items():
        runs = list(_runs(slug, model))
        print(f"{slug}: {model}, {len(runs)} seeds")
        for key, there in published.items():
            _print(key, [run[key] for run in runs], there)


def _runs(slug: str, model: str) -> Iterator[Mapping[str, Any]]:
    for seed in SEEDS:
        document = sample(slug)
        document["nodes"]["split"]["params"]["seed"] = seed
        report = run_graph(document)["evaluate"]["report"]
        yield next(one["metrics"] for one in report.metrics if one["name"] == model)


def _print(key: str, values: Sequence[float], published: float) -> None:
    print(f"  {key:24} median {np.median(values):10.4f}   range {min(values):10.4f} to {max(values):10.4f}   published {published:10.4f}")


if __name__ == "__main__":
    main()
