"""Score Wide and Deep Recommender: predictions, lists, and users and items that nobody rated, of a network that needs no PyTorch."""

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import ColumnRole
from pipelines.modelling.wide_and_deep import Network, Side, bucket
from pipelines.validation import DRAFT, find_problems
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.recommendation.rating import DESCRIBED, SMALL, evaluate, hearing, made, small
from tests.pipelines.modules.refusing import refuses
from tests.support.graph_builder import draw
from tests.support.module_runner import only

ID = "recommendation.score_wide_and_deep_recommender"
EXAMPLE = Example({"predicted": True}, {"recommender": lambda: [made()], "table": lambda: [small()]})
NEW = DESCRIBED.filter(pl.col("make").is_in(["seat", "audi"]))


def score(table, recommender=None, settings=None, **inputs):
    return only(ID, settings or {"kind": "ratings"}, recommender=recommender or made(), table=table, **inputs)


def test_ratings_are_those_of_the_network_within_the_range_of_those_in_training():
    one, table = made(), small()
    scored = score(table, one)
    places = (
        [one.users.to_list().index(who) for who in table.frame["who"]],
        [one.items.to_list().index(make) for make in table.frame["make"]],
    )
    raw = one.of_pairs(*map(np.array, places))
    assert np.allclose(scored.frame["Scored Ratings"], raw.clip(1, 5), rtol=0, atol=1e-6) and ((raw < 1) | (raw > 5)).any()
    assert scored.role("Scored Ratings") == ColumnRole("score", model="Drawn", task="regression") and scored.role("stars").role == "label"


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_a_pair_alone_gets_the_bits_that_it_gets_among_others(activation):
    dice = np.random.default_rng(1)

    def drawn(*shape):
        return dice.normal(size=shape).astype(np.float32)

    layers = ((drawn(46, 64), drawn(64)), (drawn(64, 33), drawn(33)), (drawn(33, 1), drawn(1)))
    network = Network(Side(drawn(51), drawn(51, 16), 50), Side(drawn(91), drawn(91, 30), 90), drawn(20), layers, activation)
    users, items = dice.integers(0, 50, 700), dice.integers(0, 90, 700)
    together = network.of_pairs(users, items)
    for some in (slice(0, 1), slice(3, 5), slice(255, 258), slice(17, 640)):
        assert np.array_equal(network.of_pairs(users[some], items[some]), together[some])


@pytest.mark.parametrize("among", ["rated", "all", "unrated"])
def test_lists_are_the_largest_of_a_row_of_all_predictions(among):
    one, table = made(), small()
    scores = one.of_all_items(np.arange(4))
    pairs = set(zip(table.frame["who"], table.frame["make"], strict=True))
    allowed = {"rated": lambda pair: pair in pairs, "all": lambda pair: True, "unrated": lambda pair: pair not in pairs}[among]
    found = score(table, one, {"among": among, "most": 2, "fewest": 1}, training=table).frame
    for place, who in enumerate(one.users.to_list()):
        best = sorted((item for item in range(4) if allowed((who, one.items[item]))), key=lambda item: -scores[place, item])[:2]
        assert found.filter(pl.col("who") == who)["make"].to_list() == [one.items[item] for item in best]


def test_a_new_item_is_predicted_by_its_features():
    one = made()
    table = pl.DataFrame({"who": ["Ada", "Ada", "Ada"], "make": ["seat", "tesla", "audi"]})
    with hearing() as heard:
        found = score(table, one, item_features=NEW).frame["Scored Ratings"].to_list()
    assert heard.lines[:2] == [
        "Not in the training ratings, but known by features: 1 item, such as “seat”.",
        "1 item was not in the training ratings and is predicted like the mean item: “tesla”.",
    ]
    net = one.network
    land = one.embeddings[1]["land"][2]  # none is given: that of all other categories
    items = np.stack([np.concatenate([net.items.inputs[-1, :3], land, [(5 - 3.5) / 1.25]]), net.items.inputs[-1], net.items.inputs[0]])
    hidden = np.tanh(np.hstack([np.repeat(net.users.inputs[:1], 3, 0), items]) @ net.layers[0][0] + net.layers[0][1])
    wide = net.users.weights[0] + net.items.weights[[-1, -1, 0]]
    wide[2] += net.crossed[bucket(np.array([0]), np.array([0]), 5)[0]]
    truth = 3 + 0.5 * ((hidden @ net.layers[1][0] + net.layers[1][1])[:, 0] + wide)
    assert np.allclose(found, truth.clip(1, 5), atol=1e-5)
    assert found != score(table, one).frame["Scored Ratings"].to_list(), "the features matter"


def test_of_items_in_training_the_features_from_training_count():
    table = pl.DataFrame({"who": ["Ada", "Zoë"], "make": ["audi", "audi"]})
    other = NEW.with_columns(doors=pl.lit(1_000, pl.Int64))
    assert score(table, item_features=other).frame.equals(score(table).frame)


def test_new_items_are_recommended_with_the_others():
    found = score(small().frame, settings={"among": "all", "most": 9}, item_features=NEW).frame
    assert found.filter(pl.col("who") == "Ada")["make"].sort().to_list() == ["audi", "bmw", "fiat", "seat", "volvo"]


def test_features_of_another_kind_are_told():
    with hearing() as heard:
        score(small().frame, user_features=pl.DataFrame({"who": ["Eve"], "age": [30]}))
    assert "The recommender was trained without user features, so the table at User features is not used." in heard.lines
    assert refuses(ID, {}, "missing_columns", recommender=made(), table=small(), item_features=NEW.drop("doors")).port == "item_features"
    assert refuses(ID, {}, "described_twice", recommender=made(), table=small(), item_features=pl.concat([NEW, NEW])).column == "make"
    texts = NEW.with_columns(doors=pl.lit("four"))
    assert refuses(ID, {}, "wrong_type", recommender=made(), table=small(), item_features=texts).column == "doors"
    assert refuses(ID, {"among": "unrated"}, "no_training", recommender=made(), table=small()).port == "training"
    assert refuses(ID, {}, "missing_columns", recommender=made(), table=small().only(["who"])).column == "make"


def test_evaluate_recommender_takes_the_result_as_it_is():
    test, scored = small().frame, score(small())
    figures, _ = evaluate(test, scored, **SMALL)
    off = scored.frame["stars"] - scored.frame["Scored Ratings"]
    assert figures["Drawn", "Root mean squared error"][0] == pytest.approx((off**2).mean() ** 0.5)
    lists = score(small(), settings={"among": "rated"})
    assert ("Drawn", "NDCG") in evaluate(test, lists, **SMALL)[0]


def test_the_scorers_of_the_two_recommenders_are_told_apart_on_the_canvas():
    drawn = draw({"a": "recommendation.train_svd_recommender", "b": ID}, "a.recommender b.recommender")
    (problem,) = find_problems(drawn, catalogue(), DRAFT)
    assert problem.code == "wrong_kind" and "a wide and deep recommender" in problem.words
