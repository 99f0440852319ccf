"""Train Wide and Deep Recommender: steps of plain NumPy and of plain PyTorch, and what it reaches on real ratings."""

from importlib import import_module

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.kinds.wide_and_deep_recommender import KIND
from pipelines.modelling.wide_and_deep import bucket
from pipelines.modules.recommendation._factorizing import Coded
from pipelines.modules.recommendation._features import no_features
from pipelines.modules.recommendation._network import Asked
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.recommendation.rating import COLUMNS, DESCRIBED, SMALL, deep, hearing, movies, parts, score, small, train
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only

ID = "recommendation.train_wide_and_deep_recommender"
EXAMPLE = Example({**SMALL, "epochs": 2}, {"table": lambda: [small()]})
ONE_STEP = {"epochs": 1, "batch": 10_000, "held_out": 0, "dropout": 0, "hidden": "6, 5", "user_size": 3, "item_size": 4, "seed": 3}


def coded(frame):
    u, i = (np.unique(frame[column].to_numpy(), return_inverse=True)[1] for column in ("userId", "movieId"))
    return u, i, frame["rating"].to_numpy()


def first_weights(frame, **settings):
    """The weights that training starts from, as NumPy arrays of 64 bits: embeddings of users and of items, and matrices."""
    torch = pytest.importorskip("torch")
    learning = import_module("pipelines.modules.recommendation._torch_network").Learning
    u, i, r = coded(frame)
    many = (u.max() + 1, i.max() + 1)
    asked = Asked(**settings)
    net = learning(Coded(u, i, r, *many), tuple(map(no_features, many)), (6, 5), asked, torch.Generator().manual_seed(asked.seed))
    return [each.detach().double().numpy() for each in (*net.ids, *net.matrices)]


def test_a_table_without_features_is_not_used_and_this_is_said():
    with hearing() as heard:
        trained = deep(features=DESCRIBED.select("make"))
    assert "The table at Item features has no features beside “make”, so it is not used." in heard.lines
    assert trained.codings[1].features == [] and np.array_equal(trained.network.items.inputs, deep().network.items.inputs)


@pytest.mark.parametrize("crossed", [0, 7])
def test_a_step_is_the_gradient_by_hand(crossed):
    """Gradient descent without batch normalization; the gradients of the mean squared error by the chain rule in NumPy."""
    frame, rate = movies(8), 0.3
    settings = ONE_STEP | {"batch_norm": False, "crossed": crossed}
    eu, ei, w1, w2, w3 = first_weights(frame, **settings)
    u, i, r = coded(frame)
    z, n = (r - r.mean()) / r.std(), len(r)
    x = np.hstack([eu[u], ei[i]])
    a1 = x @ w1
    h1 = np.maximum(a1, 0)
    a2 = h1 @ w2
    h2 = np.maximum(a2, 0)
    out = (h2 @ w3)[:, 0]  # all weights of the wide part and all offsets are 0 at first
    d = 2 * (out - z) / n
    d2 = np.outer(d, w3[:, 0]) * (a2 > 0)
    d1 = d2 @ w2.T * (a1 > 0)
    dx = d1 @ w1.T
    wide_u, wide_i = np.zeros(len(eu)), np.zeros(len(ei))
    np.subtract.at(wide_u, u, rate * d)
    np.subtract.at(wide_i, i, rate * d)
    np.subtract.at(eu, u, rate * dx[:, :3])
    np.subtract.at(ei, i, rate * dx[:, 3:])
    w3, w2, w1 = w3 - rate * h2.T @ d[:, None], w2 - rate * h1.T @ d2, w1 - rate * x.T @ d1
    offsets = (-rate * d1.sum(0), -rate * d2.sum(0), -rate * d.sum(keepdims=True))
    cross = np.zeros(max(crossed, 1))
    if crossed:
        np.subtract.at(cross, bucket(u, i, crossed), rate * d)
        out_cross = cross[bucket(u, i, crossed)]
    hidden = np.maximum(np.maximum(np.hstack([eu[u], ei[i]]) @ w1 + offsets[0], 0) @ w2 + offsets[1], 0)
    after = (hidden @ w3)[:, 0] + offsets[2] + wide_u[u] + wide_i[i] + (out_cross if crossed else 0)

    trained = deep(frame, **settings, wide_optimizer="sgd", deep_optimizer="sgd", wide_rate=rate, deep_rate=rate)
    assert np.allclose(trained.network.users.inputs[:-1], eu, atol=1e-6) and np.allclose(trained.network.items.inputs[:-1], ei, atol=1e-6)
    for (matrix, offset), wanted, by in zip(trained.network.layers, (w1, w2, w3), offsets, strict=True):
        assert np.allclose(matrix, wanted, atol=1e-6) and np.allclose(offset, by, atol=1e-6)
    assert np.allclose(trained.of_pairs(u, i), r.mean() + r.std() * after, rtol=0, atol=1e-5)
    course = trained.report.blocks[1]["spec"]["data"]["values"]
    assert [point["error"] for point in course] == [pytest.approx(r.std() * np.mean((out - z) ** 2) ** 0.5, rel=1e-5)]


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("adam", lambda torch, p: torch.optim.Adam(p, 0.05)),
        ("adagrad", lambda torch, p: torch.optim.Adagrad(p, 0.05, initial_accumulator_value=0.1)),
        ("rmsprop", lambda torch, p: torch.optim.RMSprop(p, 0.05)),
        ("adadelta", lambda torch, p: torch.optim.Adadelta(p, 0.05)),
    ],
)
def test_epochs_are_those_of_plain_pytorch_modules(name, made):
    """Embedding, Linear and BatchNorm1d of PyTorch, three epochs of one batch; its statistics are set to those of the last batch to predict."""
    torch = pytest.importorskip("torch")
    frame = movies(8)
    settings = ONE_STEP | {"epochs": 3, "activation": "tanh"}
    weights = [torch.tensor(each, dtype=torch.float32) for each in first_weights(frame, **settings)]
    u, i, r = coded(frame)
    z = torch.tensor((r - r.mean()) / r.std(), dtype=torch.float32)
    users, items = (torch.nn.Embedding.from_pretrained(each, freeze=False) for each in weights[:2])
    wide = [torch.nn.Embedding.from_pretrained(torch.zeros(len(each), 1), freeze=False) for each in weights[:2]]
    linear = [torch.nn.Linear(*each.shape, bias=place == 2) for place, each in enumerate(weights[2:])]
    norms = [torch.nn.BatchNorm1d(nodes, momentum=1.0) for nodes in (6, 5)]
    deep_part = torch.nn.Sequential(linear[0], norms[0], torch.nn.Tanh(), linear[1], norms[1], torch.nn.Tanh(), linear[2])
    with torch.no_grad():
        for layer, matrix in zip(linear, weights[2:], strict=True):
            layer.weight.copy_(matrix.T)
        linear[2].bias.zero_()
    at = (torch.tensor(u), torch.tensor(i))

    def output():
        return (deep_part(torch.cat([users(at[0]), items(at[1])], 1)) + wide[0](at[0]) + wide[1](at[1]))[:, 0]

    part = [*users.parameters(), *items.parameters(), *deep_part.parameters(), *wide[0].parameters(), *wide[1].parameters()]
    optimizer = made(torch, part)
    for _ in range(3):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(output(), z).backward()
        optimizer.step()
    deep_part.eval()
    truth = r.mean() + r.std() * output().detach().numpy()
    trained = deep(frame, **settings, wide_optimizer=name, deep_optimizer=name, wide_rate=0.05, deep_rate=0.05)
    tolerance = 1e-2 if name == "rmsprop" else 1e-4  # the sign of a tiny gradient makes a whole step
    assert np.allclose(trained.of_pairs(u, i), truth, rtol=0, atol=tolerance)


def test_the_same_seed_gives_the_same_bytes_in_any_number_of_threads_and_nothing_else_is_drawn(tmp_path):
    torch = pytest.importorskip("torch")
    frame, before = movies(10), torch.get_num_threads()
    torch.manual_seed(7)
    state = torch.get_rng_state()
    for name, table, threads in (("one", frame, 1), ("two", frame.sample(fraction=1, shuffle=True, seed=1), 2)):
        torch.set_num_threads(threads)
        KIND.write(deep(table, epochs=2), tmp_path / name)
        assert torch.get_num_threads() == threads
    torch.set_num_threads(before)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert torch.equal(torch.get_rng_state(), state)
    KIND.write(deep(frame, epochs=2, seed=1), tmp_path / "three")
    assert (tmp_path / "one").read_bytes() != (tmp_path / "three").read_bytes()


def test_the_scale_of_ratings_does_not_matter():
    frame = movies(10)
    u, i, _ = coded(frame)
    points = deep(frame.with_columns(rating=pl.col("rating") * 20 + 3)).of_pairs(u, i)
    assert np.allclose(points, deep(frame).of_pairs(u, i) * 20 + 3, atol=1e-3)


def test_the_best_epoch_on_held_out_ratings_is_kept():
    """With a far too high learning rate the ratings are soon learned by heart; three epochs after the best it stops."""
    frame = movies(30)
    with hearing() as heard:
        trained = deep(frame, epochs=40, deep_rate=0.05, wide_rate=0.05, held_out=0.25, hidden="16", user_size=8, batch=128)
    facts = dict(trained.report.blocks[0]["rows"])
    course = trained.report.blocks[1]["spec"]["data"]["values"]
    held = [point["error"] for point in course if point["of"] == "Held out"]
    assert facts["Kept epoch"] == int(np.argmin(held)) + 1 and facts["Epochs"] == len(held) == facts["Kept epoch"] + 3 < 40
    assert facts["Root mean squared error of the held-out ratings"] == min(held)
    assert heard.lines[-1].startswith(f"The error of the held-out ratings is lowest after epoch {facts['Kept epoch']} of {len(held)}:")
    again = deep(frame, epochs=facts["Kept epoch"], deep_rate=0.05, wide_rate=0.05, held_out=0.25, hidden="16", user_size=8, batch=128)
    u, i, _ = coded(frame)
    assert np.array_equal(again.of_pairs(u, i), trained.of_pairs(u, i)), "it is the network of that epoch"


@pytest.mark.slow
def test_ratings_that_were_not_learned_are_predicted_better_than_by_means():
    """On a quarter of real ratings: better than the mean of all and than the means of user and item, and near the matrix factorization."""
    training, test = parts(671)
    adam = {"wide_optimizer": "adam", "deep_optimizer": "adam"}
    trained = deep(training, **adam, batch=1024, epochs=6, deep_rate=0.005, wide_rate=0.01, hidden="64, 32", user_size=16, item_size=16)

    def error(predicted):
        return float(((predicted - test["rating"]) ** 2).mean() ** 0.5)

    mine = error(score(trained, test, kind="ratings", module="score_wide_and_deep_recommender").frame["Scored Ratings"])
    theirs = error(score(train(training, factors=50, iterations=10), test, kind="ratings").frame["Scored Ratings"])
    mean = error(pl.repeat(training["rating"].mean(), test.height, eager=True))
    assert mean > 1.04 and mine < 0.91 and mine < theirs + 0.03


def test_features_are_standardized_numbers_and_embedded_categories():
    with hearing() as heard:
        trained = deep(features=DESCRIBED.with_columns(name="make"))
    users, items = trained.codings
    assert (users.features, users.numbers, users.categories) == ([], {}, {})
    known = DESCRIBED.filter(pl.col("make") != "seat").sort("make")
    doors = known["doors"]
    assert items.numbers == {"doors": (doors.mean(), doors.std(ddof=0))} and items.categories == {"land": ["DE"]}
    embeddings = trained.embeddings[1]["land"]
    inputs = trained.network.items.inputs
    assert inputs.shape == (5, 3 + 2 + 1) and embeddings.shape == (2, 2)
    wanted = [embeddings[0], embeddings[0], embeddings[1], embeddings[1]]  # Italy and Sweden come once
    assert np.allclose(inputs[:4, 3:5], wanted) and np.allclose(inputs[4], [*inputs[:4, :3].mean(0), *embeddings[1], 0], atol=1e-6)
    z = ((doors - doors.mean()) / doors.std(ddof=0)).fill_null(0)
    assert np.allclose(inputs[:4, 5], z, atol=1e-6)
    assert "Not used, since no two rows have the same value or none has any: “name”." in heard.lines
    assert "Values that only one row has count as one category: “land” (2)." in heard.lines


def test_who_is_not_described_and_what_has_another_role():
    table = Table(DESCRIBED.filter(pl.col("make") != "audi"), {"land": ColumnRole("ignored")})
    with hearing() as heard:
        trained = deep(features=table)
    assert trained.codings[1].features == [("doors", "Int64")] and trained.network.items.inputs[0, -1] == 0
    assert "1 row missing at Item features: their features count as missing." in heard.lines


@pytest.mark.parametrize(
    "frame",
    [
        small().frame.head(1),
        small().frame.with_columns(stars=pl.lit(3)),
        small().frame.with_columns(who=pl.int_range(9) / 2, stars=pl.col("stars") > 3),
        pl.DataFrame({"who": [f"用户 {n}" for n in range(10_000)], "make": ["🎬"] * 10_000, "stars": [n % 5 for n in range(10_000)]}),
    ],
    ids=["one row", "one value", "fractions and Booleans", "10,000 users"],
)
def test_odd_ratings_give_finite_predictions(frame):
    trained = only(ID, {**SMALL, "epochs": 1, "hidden": "4", "batch": 4096}, table=frame)
    users, items = np.arange(len(trained.users) + 1) - 1, np.zeros(len(trained.users) + 1, dtype=int)
    assert np.isfinite(trained.of_pairs(users, items)).all() and len(trained.users) == frame["who"].n_unique()


def test_odd_features_give_finite_predictions():
    odd = pl.DataFrame(
        {
            "make": ["audi", "bmw", "volvo", "fiat"],
            "huge": [1e300, -1e300, float("inf"), float("nan")],
            "none": pl.Series([None] * 4, dtype=pl.Float64),
            "day": pl.date_range(pl.date(2024, 1, 1), pl.date(2024, 1, 4), eager=True),
            "kind": pl.Series(["a", "a", "b", None], dtype=pl.Categorical),
            "same": [7.0] * 4,
        }
    )
    trained = deep(features=odd)
    assert np.isfinite(trained.of_all_items(np.arange(-1, 4))).all()
    assert set(trained.codings[1].numbers) == {"huge", "day", "day (year)", "day (month)", "day (weekday)", "same"}


def test_what_is_wrong_is_named():
    wrong = {**SMALL, "epochs": 1}
    assert refuses(ID, wrong, "rated_twice", table=pl.concat([small().frame, small().frame.head(1)])).column == "make"
    assert refuses(ID, {**wrong, "hidden": "0"}, "bad_layers", table=small()).param == "hidden"
    assert refuses(ID, wrong, "missing_columns", table=small(), item_features=DESCRIBED.rename({"make": "brand"})).port == "item_features"
    twice = pl.concat([DESCRIBED, DESCRIBED.head(1)])
    assert refuses(ID, wrong, "described_twice", table=small(), item_features=twice).port == "item_features"
    numbers = DESCRIBED.with_columns(make=pl.int_range(5))
    assert refuses(ID, wrong, "other_type", table=small(), item_features=numbers).column == "make"
    lists = DESCRIBED.with_columns(list=pl.col("doors").implode().over("make"))
    assert refuses(ID, wrong, "reserved_name", table=small(), item_features=lists.rename({"list": "id"})).column == "id"
    refuses(ID, wrong, "no_rows", table=small().frame.with_columns(stars=pl.lit(None, pl.Float64)))
    fast = {
        "wide_optimizer": "sgd",
        "deep_optimizer": "sgd",
        "wide_rate": 2,
        "deep_rate": 2,
        "epochs": 60,
        "held_out": 0,
        "batch_norm": False,
    }
    assert refuses(ID, {**COLUMNS, **fast, "activation": "linear"}, "diverged", table=movies(5)).param == "deep_rate"
