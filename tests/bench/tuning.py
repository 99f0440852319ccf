"""Tune Model Hyperparameters beside Optuna called directly: 200 trials of boosted trees on income, the same sampler, space, rows and two processes.

Optuna's processes share a study through its journal file, as its documentation advises where there is no database server. Its objective is a plain call
of LightGBM with one thread on a matrix that is encoded once.

How long a search takes depends on which settings it comes upon, such as twice as many trees: two searches by one sampler with different seeds differ by far more
than by what executes them. So Optuna is called twice. In the ratio that counts, its sampler is asked for each trial, and the trial has the settings that our
search had. In the other one, it has those that it asked for. The processor time is that of the whole installation, and of Optuna's processes once they are ready: on a
machine that does other work besides, its ratio is the more reliable one.

Successive halving may start five times as many trials, and ends when it reaches the score of the search without it: its seconds are those until then. A
difference of 0.0005 of the area under the curve counts as the same score; its standard error on the judged rows is about six times as large.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from sklearn.base import clone
from sklearn.metrics import roc_auc_score

from pipelines.catalogue.ports import Table
from pipelines.modelling.families.lightgbm import FAMILY, FASTEST
from pipelines.modelling.features import feature_frame
from pipelines.modelling.search.samplers import of_optuna
from pipelines.modelling.search.space import Space, space_of
from pipelines.modules.training._features import choose_features
from pipelines.modules.training._tuning import Judging, judged_folds
from tests.bench.many import cpu_seconds
from tests.bench.report import Figures
from tests.support.app_server import ROOT, Person, easel
from tests.support.module_runner import dataset, only

TRIALS, PROCESSES, LABEL = 200, 2, "income"
SAME_SCORE = 0.0005
TRIED = "tried"  # the file with the settings of trials
LEARNER = "classification.two_class_boosted_trees"


def measure(person: Person) -> Figures:
    """Return the seconds and the best score of both, and those of successive halving."""
    before = cpu_seconds(person)
    whole, score, tried = _ours(person, {})
    ours = cpu_seconds(person) - before
    halving, halved, _ = _ours(person, {"stop_early": "halving", "trials": 5 * TRIALS, "target": score - SAME_SCORE})
    cut = cpu_seconds(person) - before - ours
    same, theirs, _ = _optuna(tried)
    plain, _, best = _optuna(())
    return {
        "tuning_cpu_seconds": ours,
        "tuning_baseline_optuna_cpu_seconds": theirs,
        "tuning_cpu_seconds_ratio_to_optuna": ours / theirs,
        "tuning_seconds": whole,
        "tuning_baseline_optuna_seconds": same,
        "tuning_ratio_to_optuna": whole / same,
        "tuning_baseline_optuna_other_trials_seconds": plain,
        "tuning_ratio_to_optuna_with_other_trials": whole / plain,
        "tuning_auc": score,
        "tuning_baseline_optuna_auc": best,
        "tuning_halving_seconds": halving,
        "tuning_halving_auc": halved,
        "tuning_halving_ratio_to_whole": halving / whole,
        "tuning_halving_cpu_seconds_ratio_to_whole": cut / ours,
    }


def _ours(person: Person, more: dict[str, Any]) -> tuple[float, float, Sequence[Any]]:
    """Return the seconds, the best score, and the settings of the trials."""
    tune = {"label": LABEL, "trials": TRIALS, "validate_by": "share", "repeatable": False, "at_once": PROCESSES, **more}
    nodes = {
        "people": {"module": "data.dataset", "params": {"dataset": "adult_census_income"}, "position": [0, 0]},
        "learner": {"module": LEARNER, "params": {}, "position": [-300, 0]},
        "tune": {"module": "training.tune_model_hyperparameters", "params": tune, "position": [0, 150]},
    }
    pipeline = person.pipeline(
        {"format": 1, "name": "Tuning", "nodes": nodes, "edges": [["people.table", "tune.table"], ["learner.model", "tune.untrained"]]}
    )
    seconds, state = person.run(pipeline)
    if state != "done":
        raise RuntimeError(f"The search is {state}.")
    run = person.call("GET", f"/api/runs/?pipeline={pipeline}")
    latest = (run["results"] if isinstance(run, dict) else run)[0]["id"]
    report = person.call("GET", f"/api/runs/{latest}/outputs/tune/report/report/")
    items = person.call("GET", f"/api/runs/{latest}/steps/tune/items/?limit={TRIALS}")["items"]
    return seconds, report["metrics"][0]["metrics"]["auc"], [item["figures"]["settings"] for item in items]


def _optuna(tried: Sequence[Any]) -> tuple[float, float, float]:
    """Return the seconds, the processor time and the best score of the plain search; its trials have the settings that were tried, if there are any."""
    with tempfile.TemporaryDirectory(prefix="easel-bench-") as folder:
        journal = str(Path(folder) / "journal")
        optuna.create_study(storage=_storage(journal), study_name="plain", direction="maximize")
        Path(folder, TRIED).write_text(json.dumps(list(tried)))
        command = [sys.executable, "-m", "tests.bench.tuning", journal]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        workers = [subprocess.Popen([*command, str(seed)], cwd=ROOT, **pipes) for seed in range(PROCESSES)]
        for worker in workers:
            assert worker.stdout
            worker.stdout.readline()  # it has imported everything and read the table, as a worker of ours has
        started = time.perf_counter()
        for worker in workers:
            assert worker.stdin
            worker.stdin.close()
        if sum(worker.wait() for worker in workers):
            raise RuntimeError("A process of Optuna failed.")
        seconds, cpu = time.perf_counter() - started, sum(float(worker.stdout.read()) for worker in workers if worker.stdout)
        return seconds, cpu, optuna.load_study(storage=_storage(journal), study_name="plain").best_value


def _storage(journal: str) -> JournalStorage:
    return JournalStorage(JournalFileBackend(journal))


def _work(journal: str, seed: int) -> None:
    """One process of the plain search."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    space: Space = space_of(only(LEARNER), {})
    table: Table = dataset("adult_census_income")
    y = table.frame[LABEL].to_numpy()
    (fold,) = judged_folds(table, y, Judging(validate_by="share"), 0)
    part = table.with_frame(table.frame[fold.train])
    features = choose_features(part, LABEL).features
    columns = FAMILY.encode(feature_frame(part.frame, features), features, {})
    matrix = columns.fit_transform(feature_frame(part.frame, features))
    held_out = columns.transform(feature_frame(table.frame[fold.test], features))
    places = [place for place, (_, dtype) in enumerate(features) if dtype in ("String", "Categorical")]
    truth = y[fold.test] == np.unique(y)[-1]

    spread = {name: of_optuna(each) for name, each in space.over.items()}
    print("ready", flush=True)
    sys.stdin.read()
    before = time.process_time()
    tried = json.loads(Path(journal).with_name(TRIED).read_text())
    study = optuna.load_study(storage=_storage(journal), study_name="plain", sampler=optuna.samplers.TPESampler(seed=seed))
    while len(study.get_trials(deepcopy=False)) < TRIALS:
        trial = study.ask(spread)
        learner = clone(space.learner.made(tried[trial.number] if trial.number < len(tried) else trial.params).estimator)
        learner.set_params(learning_rate=learner.learning_rate or FASTEST)
        learner.fit(matrix, y[fold.train], categorical_feature=places)
        study.tell(trial, float(roc_auc_score(truth, learner.predict_proba(held_out)[:, 1])))
    print(time.process_time() - before)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _work(sys.argv[1], int(sys.argv[2]))
    else:
        with easel() as server:
            print(json.dumps(measure(server), indent=2))
