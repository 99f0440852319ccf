"""Compare Models by Group."""

from dataclasses import replace

import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.reporting import reporting_to
from pipelines.kinds.models_by_group import ModelsByGroup
from pipelines.modelling.parallel import Lines
from tests.pipelines.modules.examples import Example
from tests.support.module_runner import dataset, only, run

EXAMPLE = Example()
COMPARE = "evaluation.compare_models_by_group"


def models(shops, wape, rows=None, digest=None, **changes):
    facts = pl.DataFrame(
        {"group": map(str, shops), "rows": rows or [10] * len(shops), "wape": wape, "digest": digest or ["a"] * len(shops)},
        schema={"group": pl.String, "rows": pl.Int64, "wape": pl.Float64, "digest": pl.String},
    )
    return replace(ModelsByGroup("Linear Regression", "regression", "y", ("shop",), pl.DataFrame({"shop": shops}), facts), **changes)


def compare(now, then, **settings):
    return run(COMPARE, settings, models=now, earlier=then)


def test_groups_are_improved_worse_about_the_same_new_and_gone():
    now = models([5, 1, 2, 3, None, 7], [0.3, 0.1, 0.2, 0.1005, 0.2, None], rows=[9, 10, 10, 10, 10, 10], digest=["b", *"aaaaa"])
    then = models([1, 2, 3, 4, None, 7], [0.2, 0.1, 0.1, 0.5, 0.4, 0.1])
    with reporting_to(lines := Lines()):
        found = compare(now, then)
    table = found["table"].frame
    states = dict(zip(table["shop"], table["State"], strict=True))
    assert states == {5: "new", 1: "improved", 2: "worse", 3: "about the same", None: "improved", 7: "not judged", 4: "gone"}
    assert table["shop"].to_list() == [5, 1, 2, 3, None, 7, 4], "in the order of the models, those that are gone at the end"
    assert table["Better by (%)"].to_list()[1:3] == pytest.approx([50, -100]) and table["Rows changed"].to_list()[1] is False
    assert "2 improved, 1 worse, 1 about the same, 1 not judged, 1 new, 1 gone" in lines.lines[0][0]
    titles = {block["title"]: block for block in found["report"].blocks}
    assert titles["Groups that have become worst"]["rows"] == [["2", 0.1, 0.2, -100.0, 10, 10]]
    assert titles["WAPE earlier and now"]["spec"]["layer"][1]["data"]["values"][0] == {"then": 0.2, "now": 0.1, "state": "improved"}
    assert compare(now, then, smallest_change=0)["table"].frame["State"].to_list()[3] == "worse"


def test_of_accuracy_more_is_better():
    def fleet(value):
        made = models([1], [0.1], task="two_class")
        return replace(made, facts=made.facts.drop("wape").with_columns(accuracy=pl.lit(value)))

    assert compare(fleet(0.9), fleet(0.5))["table"].frame["State"].to_list() == ["improved"]


def test_models_that_were_trained_again_and_stored():
    frame = dataset("automobile_price").frame.select("body-style", "length", "width", "price").drop_nulls()
    settings = {"label": "price", "groups": ["body-style"], "may_fail_share": 100}

    def fleet(rows):
        return run("training.train_model_by_group", settings, untrained=only("regression.linear_regression"), table=rows)["models"]

    first = fleet(frame)
    found = compare(fleet(frame.filter(pl.col("body-style") != "wagon")), first)["table"].frame
    assert dict(zip(found["body-style"], found["State"], strict=True))["wagon"] == "gone"
    assert set(found["State"]) == {"about the same", "gone"} and not found["Rows changed"].any()


def test_no_models_are_compared_with_some():
    none = models([], [])
    assert compare(models([1], [0.1]), none)["table"].frame["State"].to_list() == ["new"]
    assert compare(none, none)["table"].frame.height == 0


@pytest.mark.parametrize(
    "other",
    [
        {"label": "z"},
        {"by": ("town",)},
        {"keys": pl.DataFrame({"shop": ["1"]})},
        {"task": "two_class", "facts": pl.DataFrame({"group": ["1"], "accuracy": [0.5]})},
    ],
)
def test_models_that_are_not_comparable_are_refused(other):
    with pytest.raises(ModuleError) as caught:
        compare(models([1], [0.1]), models([1], [0.1], **other))
    assert caught.value.code == "other_models" and caught.value.remedy
