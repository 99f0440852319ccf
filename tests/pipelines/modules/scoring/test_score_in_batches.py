"""Score in Batches: the scores of an endpoint for each row, known batches, bad rows and their bound."""

import polars as pl
import pytest

from pipelines.catalogue import fan_out as fans
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.reporting import reporting_to
from pipelines.kinds.scoring_graph import KIND, ScoringFile
from pipelines.modelling.parallel import Lines
from pipelines.serving.scorer import Scorer
from tests.support.module_runner import run
from tests.support.scoring import Trained, houses

MODULE = "scoring.score_in_batches"


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    return Trained(houses(), tmp_path_factory.mktemp("scored"))


@pytest.fixture(scope="module")
def rows(trained):
    source = trained.value(trained.graph.request_end).frame
    return pl.concat([source.with_columns(size=pl.col("size") + at) for at in range(10)])


def scored(trained, table, **settings):
    found = run(MODULE, {"batch_rows": 20, **settings}, scoring_graph=ScoringFile(trained.bundle), table=table)
    return found["scores"], found["bad_rows"]


@pytest.fixture
def counted(monkeypatch):
    """How many items were asked for, by their content; as the engine, it computes each content once."""
    known = {}
    plain = fans.compute

    def compute(item, each):
        key = str(item.content)
        if key not in known:
            known[key] = plain(item, each)
            counted.new += item.payload.height
        return known[key]

    class Counted:
        new = 0

    counted = Counted()
    monkeypatch.setattr(fans, "compute", compute)
    return counted


def test_each_row_has_the_score_of_the_endpoint(trained, rows):
    scores, bad = scored(trained, rows)
    wanted = Scorer.load(trained.bundle).score_columns({name: rows[name].to_list() for name in rows.columns if name != "price"})
    assert scores.frame["Scored Labels"].to_list() == wanted.columns["Scored Labels"]
    assert scores.frame["row_id"].to_list() == list(range(1, rows.height + 1)) and bad.frame.height == 0
    assert scores.frame["model_version"].unique().to_list()[0] and scores.frame["error"].null_count() == rows.height
    assert scores.role("Scored Labels").role == "score" and scores.role("row_id").role == "ignored"


def test_new_rows_alone_are_scored(trained, rows, counted):
    first, _ = scored(trained, rows)
    assert counted.new == rows.height
    more = pl.concat([rows, rows[:6].with_columns(size=pl.lit(999, dtype=pl.Int64))])
    counted.new = 0
    again, _ = scored(trained, more)
    assert 6 <= counted.new <= 6 + 80 and again.frame[: rows.height].equals(first.frame)
    counted.new = 0
    scored(trained, more.with_columns(other=pl.lit("x")), version_name="B", row_id="other")
    assert counted.new == 0, "neither columns that are not read nor names change a score"


def test_bad_rows_go_to_an_output_of_their_own(trained, rows):
    texts = rows.with_columns(note=pl.when(pl.int_range(pl.len()) == 7).then(None).otherwise(pl.lit("x")), id=pl.int_range(pl.len()) + 100)
    broken = texts.with_columns(size=pl.when(pl.int_range(pl.len()) == 7).then(None).otherwise("size"))
    lines = Lines()
    with reporting_to(lines):
        scores, bad = scored(trained, broken, row_id="id", most_bad=100)
    missing = scores.frame.filter(pl.col("error").is_not_null())
    assert missing["row_id"].to_list() == bad.frame["row_id"].to_list()
    assert bad.frame.columns == ["row_id", *broken.columns, "error"]


def test_too_many_bad_rows_end_it_early_with_an_example(trained, rows, counted):
    wrong = rows.with_columns(size=pl.lit("large"))
    with pytest.raises(ModuleError) as caught:
        scored(trained, wrong)
    assert caught.value.code == "too_many_bad_rows" and '“size”: "large" is not a whole number' in caught.value.words
    assert counted.new < rows.height / 2
    scores, bad = scored(trained, wrong, most_bad=100)
    assert scores.frame["Scored Labels"].null_count() == bad.frame.height == rows.height
    few = rows.with_columns(size=pl.when(pl.int_range(pl.len()) < 12).then(2**60).otherwise("size"))
    assert scored(trained, few.with_columns(town=pl.lit(None, dtype=pl.String)), most_bad=100)[0].frame.height == rows.height


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda frame: frame.drop("size"), "missing_columns"),
        (lambda frame: frame.with_columns(size=pl.concat_list("size")), "unusable_columns"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_with_the_column(trained, rows, change, code):
    with pytest.raises(ModuleError) as caught:
        scored(trained, change(rows))
    assert (caught.value.code, caught.value.column) == (code, "size") and caught.value.remedy


def test_equal_rows_and_no_rows(trained, rows):
    same = pl.concat([rows[:1]] * 500)
    scores, _ = scored(trained, same)
    assert scores.frame["Scored Labels"].n_unique() == 1 and scores.frame.height == 500
    scores, bad = scored(trained, rows[:0])
    assert (scores.frame.height, bad.frame.height) == (0, 0) and "Scored Labels" in scores.frame.columns


def test_the_file_is_read_without_loading_what_it_holds(trained, tmp_path):
    file = tmp_path / "graph"
    KIND.write(ScoringFile(trained.bundle), file)
    assert KIND.read(file) == ScoringFile(trained.bundle)
    assert {column["name"] for column in KIND.about(file)["inputs"]} >= {"size", "town"}
    file.write_bytes(b"something else")
    with pytest.raises(Exception, match=r"."):
        KIND.read(file)
    with pytest.raises(ModuleError) as caught:
        run(MODULE, {}, scoring_graph=ScoringFile(b"x"), table=pl.DataFrame({"a": [1]}))
    assert caught.value.code == "bad_scoring_graph"
