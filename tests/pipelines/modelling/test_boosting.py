"""What the families of boosted trees share."""

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import until
from pipelines.catalogue.reporting import reporting_to
from pipelines.modelling.boosting import KEPT, TimeOver, is_last
from pipelines.modelling.parallel import Lines
from tests.support.module_runner import only

BOOSTED = ["classification.two_class_boosted_trees", "classification.two_class_xgboost", "classification.two_class_catboost"]


class Enough(Lines):
    """The time is over after some trees."""

    def __init__(self, most, end=TimeOver):
        super().__init__()
        self.most, self.end = most, end

    def progress(self, done, total, words):
        if done >= self.most:
            raise self.end("time_over", "The time was over.")


def rows(count=300):
    x = np.random.default_rng(0).normal(size=count)
    return pl.DataFrame({"x": x, "y": np.where(x + np.random.default_rng(1).normal(size=count) > 0, "a", "b")})


def trained(learner, trees, listener=None):
    with reporting_to(listener or Lines()):
        model = only("training.train_model", {"label": "y"}, untrained=only(learner, {"trees": trees}), table=rows())
    return only("scoring.score_model", model=model, table=rows()).frame["Scored Probabilities"].to_numpy()


@pytest.mark.parametrize("learner", BOOSTED)
def test_the_trees_so_far_are_kept_when_the_time_is_over(learner):
    told = Enough(5)
    np.testing.assert_allclose(trained(learner, 400, told), trained(learner, 5), rtol=1e-6)
    assert [figures[KEPT] for _, _, figures in told.lines if figures and KEPT in figures] == [5]
    with pytest.raises(ModuleError) as ended:
        trained(learner, 400, Enough(5, ModuleError))
    assert ended.value.code == "time_over"


def test_the_last_tree_of_all_is_not_cut_short():
    with until(10), reporting_to(told := Enough(0)):
        assert is_last(3, 4) and not is_last(4, 4)
    assert len(told.lines) == 1
