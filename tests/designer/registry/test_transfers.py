"""Imported models in pipelines and endpoints: they score in a sandbox, and give the same."""

from __future__ import annotations

import pytest

from designer.scoring.deriving import derive
from pipelines import flow
from pipelines.serving.scorer import Scorer
from tests.designer.conftest import Team
from tests.designer.datasets.test_saving import of_nodes
from tests.designer.registry.conftest import upload
from tests.support.foreign_models import lightgbm_scores, lightgbm_text, rows

pytestmark = pytest.mark.processes


def test_a_card_scores_with_an_imported_model_and_an_endpoint_gives_the_same(team: Team, worker: None) -> None:
    upload(team, lightgbm_text(), label="bought")
    text = rows()[["power", "make"]].to_csv(index=False)
    nodes = {
        "data": ("data.enter_data", {"text": text}),
        "model": ("data.registered_model", {"model": "bought"}),
        "score": "scoring.score_model",
    }
    run = of_nodes(team, nodes, "model.model score.model", "data.table score.table")
    output = flow.output(run, "score", "table")
    assert output is not None
    scored = flow.table(output, run.scope).frame["Scored Probabilities"].to_list()
    assert max(abs(one - other) for one, other in zip(scored, lightgbm_scores(), strict=True)) <= 1e-12
    scorer = Scorer.load(flow.scoring_bundle(run, derive(run, None)))
    assert (scorer.slower, [column.name for column in scorer.signature.inputs]) == ("slower: imported model", ["power", "make"])
    answer = scorer.score(rows()[["power", "make"]].to_dict("records"))
    assert answer.columns["Scored Probabilities"] == scored
