"""The shelf Data Transformation, without signals and windows, beside Polars, NumPy, DuckDB and scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from tests.bench.module_baselines.case import LEARNT, beside
from tests.bench.module_baselines.tables import airports, flights, full_numbers, late, timed
from tests.support.module_runner import run

DELAYS = ["dep_delay", "arr_delay", "air_time"]


def halves(rows: int) -> list[pl.DataFrame]:
    table = flights(rows)
    return [table.head(rows // 2), table.tail(rows // 2)]


def unequal(rows: int) -> list[pl.DataFrame]:
    table = flights(rows)
    return [table[:, :9], table[:, 9:].head(rows * 9 // 10)]


@beside("transform.add_columns", tables=unequal)
def add_columns(tables: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(tables, how="horizontal_extend")


@beside("transform.add_rows", tables=halves)
def add_rows(tables: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(tables)


@beside("transform.apply_math", {"columns": DELAYS, "function": "sqrt"}, table=flights)
def apply_math(table: pl.DataFrame) -> pl.DataFrame:
    roots = [pl.col(name).sqrt().fill_nan(None).alias(f"{name}_sqrt") for name in DELAYS]
    return table.with_columns(roots)


@beside("transform.apply_math", {"columns": DELAYS, "function": "erf"}, variant="special", table=flights)
def apply_special(table: pl.DataFrame) -> pl.DataFrame:
    from scipy.special import erf  # noqa: PLC0415

    made = {f"{name}_erf": erf(table[name].fill_null(float("nan")).to_numpy()) for name in DELAYS}
    return table.with_columns(pl.Series(name, values).fill_nan(None) for name, values in made.items())


AGGREGATE = "select carrier, origin, count(*) as flights, avg(arr_delay) as delay from t1 where distance > 500 group by all order by all"


@beside("transform.sql", {"query": AGGREGATE}, variant="aggregate", t1=flights)
def sql(t1: pl.DataFrame) -> pl.DataFrame:
    import duckdb  # noqa: PLC0415

    with duckdb.connect(config={"threads": 1}) as connection:  # steps share the machine, so that a query of Easel has one thread
        connection.register("t1", t1.to_arrow())
        return connection.sql(AGGREGATE).pl()


FILTER = "select * from t1 where arr_delay > 0 and distance > 500"


@beside("transform.sql", {"query": FILTER}, variant="rows", t1=flights)
def sql_rows(t1: pl.DataFrame) -> pl.DataFrame:
    import duckdb  # noqa: PLC0415

    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("t1", t1.to_arrow())
        return connection.sql(FILTER).pl()


def scaling(rows: int) -> Any:
    return run("transform.normalize", {"columns": DELAYS}, table=flights(rows))["transform"]


@beside("transform.apply_transformation", transform=scaling, table=flights)
def apply_transformation(transform: Any, table: pl.DataFrame) -> pl.DataFrame:
    fitted = transform.state["columns"]
    return table.with_columns((pl.col(name) - each["shift"]) / each["spread"] for name, each in fitted.items())


@beside("transform.clean_missing", {"columns": DELAYS, "mode": "mean"}, table=flights)
def clean_missing(table: pl.DataFrame) -> pl.DataFrame:
    means = table.select(pl.col(DELAYS).mean()).row(0, named=True)
    return table.with_columns(pl.col(name).fill_null(mean) for name, mean in means.items())


@beside("transform.clean_missing", {"mode": "drop_rows"}, variant="rows", table=flights)
def drop_missing(table: pl.DataFrame) -> pl.DataFrame:
    return table.drop_nulls()


@beside("transform.clip_values", {"columns": DELAYS}, table=flights)
def clip_values(table: pl.DataFrame) -> pl.DataFrame:
    ends = table.select(
        pl.concat_list(pl.col(name).quantile(share, "linear") for share in (0.01, 0.99)).alias(name) for name in DELAYS
    ).row(0, named=True)
    return table.with_columns(pl.col(name).clip(*between) for name, between in ends.items())


@beside("transform.convert_to_indicator", {"columns": ["carrier", "origin"]}, table=flights)
def convert_to_indicator(table: pl.DataFrame) -> pl.DataFrame:
    return table.hstack(table.select("carrier", "origin").to_dummies(separator="-"))


@beside("transform.count_features", {"columns": ["carrier", "dest"], "label": "arr_delay"}, table=late)
def count_features(table: pl.DataFrame) -> pl.DataFrame:
    truth = (table["arr_delay"] == "on time").to_numpy()
    drawn = np.random.Generator(np.random.PCG64(0)).permutation(np.arange(len(truth)))
    drawn = drawn[np.argsort(truth[drawn], kind="stable")]
    fold = np.empty(len(truth), dtype=np.int64)
    fold[drawn] = np.arange(len(truth)) % 5
    frame = table.with_columns(fold=pl.Series(fold), truth=pl.Series(truth))
    made = []
    for name in ("carrier", "dest"):
        rows = pl.len().over(name) - pl.len().over(name, "fold")
        yes = pl.col("truth").sum().over(name) - pl.col("truth").sum().over(name, "fold")
        others = [whole - whole.over("fold") for whole in (pl.col("truth").sum(), pl.len())]
        prior = 10 * (others[0] + 0.5) / (others[1] + 1)
        made += [pl.len().over(name).alias(f"{name}_count"), ((yes + prior) / (rows - yes + 10 - prior)).log().alias(f"{name}_log_odds")]
    return frame.with_columns(made).drop("fold", "truth")


@beside("transform.date_parts", table=timed)
def date_parts(table: pl.DataFrame) -> pl.DataFrame:
    time = pl.col("time_hour").dt
    parts = {"year": time.year(), "month": time.month(), "day": time.day(), "weekday": time.weekday(), "hour": time.hour()}
    return table.with_columns(part.cast(pl.Int64).alias(f"time_hour_{name}") for name, part in parts.items())


@beside("transform.derive_column", {"name": "speed", "formula": "distance / air_time * 60"}, table=flights)
def derive_column(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(speed=pl.col("distance") / pl.col("air_time") * 60)


@beside("transform.edit_metadata", {"columns": ["month", "day", "flight"], "type": "text"}, table=flights)
def edit_metadata(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.col("month", "day", "flight").cast(pl.String))


@beside("transform.filter_rows", {"condition": "formula", "formula": "distance > 500 and arr_delay > 0"}, table=flights)
def filter_rows(table: pl.DataFrame) -> pl.DataFrame:
    return table.filter((pl.col("distance") > 500) & (pl.col("arr_delay") > 0))


@beside("transform.group_by", {"keys": ["carrier", "dest"], "columns": DELAYS, "sum": True}, table=flights)
def group_by(table: pl.DataFrame) -> pl.DataFrame:
    figures = [
        figure.alias(f"{name}_{of}") for name in DELAYS for of, figure in (("sum", pl.col(name).sum()), ("mean", pl.col(name).mean()))
    ]
    return table.group_by("carrier", "dest", maintain_order=True).agg(pl.len().alias("rows"), *figures)


@beside("transform.group_into_bins", {"columns": ["arr_delay", "distance"]}, table=flights)
def group_into_bins(table: pl.DataFrame) -> pl.DataFrame:
    made = []
    for name in ("arr_delay", "distance"):
        known = table[name].drop_nulls().to_numpy()
        edges = np.unique(np.quantile(known, np.arange(1, 10) / 10))
        places = np.searchsorted(edges, table[name].fill_null(0).to_numpy(), side="left") + 1
        made.append(pl.Series(f"{name}_bin", places))
    found = table.with_columns(made)
    return found.with_columns(pl.when(pl.col("arr_delay").is_not_null()).then("arr_delay_bin"))


@beside("transform.group_rare_categories", {"columns": ["dest", "tailnum"], "least_rows": 1000}, table=flights)
def group_rare_categories(table: pl.DataFrame) -> pl.DataFrame:
    made = []
    for name in ("dest", "tailnum"):
        common = table[name].value_counts().filter(pl.col("count") >= 1000)[name].drop_nulls()
        made.append(
            pl.when(pl.col(name).is_in(common.implode()) | pl.col(name).is_null()).then(name).otherwise(pl.lit("Other")).alias(name)
        )
    return table.with_columns(made)


KEYS: dict[str, Any] = {"left_keys": ["dest"], "right_keys": ["faa"]}


@beside("transform.join", KEYS, left=flights, right=airports)
def join(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    return left.join(right, left_on="dest", right_on="faa", coalesce=False, maintain_order="left_right")


@beside("transform.join", KEYS | {"how": "left", "partners": "many_to_one"}, variant="checked", left=flights, right=airports)
def join_checked(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    ours, theirs = left["dest"].unique(), right["faa"].unique()
    (~ours.is_in(theirs.implode())).sum(), (~theirs.is_in(ours.implode())).sum()  # how many keys match nothing, which the module tells
    return left.join(right, left_on="dest", right_on="faa", how="left", coalesce=False, validate="m:1", maintain_order="left_right")


@beside("transform.normalize", table=full_numbers)
def normalize(table: pl.DataFrame) -> pl.DataFrame:
    fitted = table.select(pl.all().mean().name.suffix(" mean"), pl.all().std(ddof=0).name.suffix(" spread")).row(0, named=True)
    return table.with_columns((pl.col(name) - fitted[f"{name} mean"]) / fitted[f"{name} spread"] for name in table.columns)


@beside("transform.partition_and_sample", {"rate": 0.1}, table=flights)
def sample(table: pl.DataFrame) -> pl.DataFrame:
    drawn = np.random.Generator(np.random.PCG64(0)).permutation(table.height)[: table.height // 10]
    return table[np.sort(drawn)]


@beside("transform.partition_and_sample", {"mode": "folds"}, variant="folds", table=flights)
def folds(table: pl.DataFrame) -> pl.DataFrame:
    order = np.random.Generator(np.random.PCG64(0)).permutation(table.height)
    found = np.empty(table.height, dtype=np.int64)
    for number, rows in enumerate(np.array_split(order, 5), 1):
        found[rows] = number
    return table.with_columns(fold=pl.Series(found))


@beside("transform.pivot", {"rows": ["carrier"], "header": "month", "values": ["arr_delay"], "aggregate": "mean"}, table=flights)
def pivot(table: pl.DataFrame) -> pl.DataFrame:
    return table.pivot(
        "month", index="carrier", values="arr_delay", aggregate_function="mean", sort_columns=False, maintain_order=True
    ).select("carrier", *(str(month) for month in sorted(table["month"].unique())))


@beside("transform.remove_duplicate_rows", {"columns": ["carrier", "flight", "dest"]}, table=flights)
def remove_duplicate_rows(table: pl.DataFrame) -> pl.DataFrame:
    return table.unique(["carrier", "flight", "dest"], keep="first", maintain_order=True)


CODES = {"UA": "United", "B6": "JetBlue", "EV": "ExpressJet", "DL": "Delta", "AA": "American"}
PAIRS = "\n".join(f"{old} => {new}" for old, new in CODES.items())


@beside("transform.replace_values", {"columns": ["carrier"], "pairs": PAIRS}, table=flights)
def replace_values(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.col("carrier").replace(CODES))


@beside("transform.smote", {"label": "arr_delay"}, rows=LEARNT, table=late)
def smote(table: pl.DataFrame) -> tuple[int, int]:
    from sklearn.neighbors import NearestNeighbors  # noqa: PLC0415
    from sklearn.preprocessing import OneHotEncoder, StandardScaler  # noqa: PLC0415

    rows = table.filter(pl.col("arr_delay") == "late")
    measured = [name for name, kind in rows.schema.items() if kind.is_numeric()]
    texts = ["carrier", "origin", "dest"]
    values = rows.select(measured).to_numpy().astype(float)
    scaled = StandardScaler().fit_transform(values)
    coded = OneHotEncoder(sparse_output=False).fit_transform(rows.select(texts)) * np.median(scaled.std(axis=0)) / 2**0.5
    near = NearestNeighbors(n_neighbors=6).fit(np.hstack([scaled, coded])).kneighbors(return_distance=False)[:, :5]
    dice = np.random.default_rng(0)
    other = near[np.arange(len(values)), dice.integers(5, size=len(values))]
    made = values + dice.random((len(values), 1)) * (values[other] - values)
    new = rows.with_columns(pl.Series(name, made[:, at]).round().cast(rows.schema[name]) for at, name in enumerate(measured))
    for name in texts:
        codes = rows[name].rank("dense").to_numpy() - 1
        votes = np.apply_along_axis(lambda each: np.bincount(each).argmax(), 1, codes[near].astype(int))
        new = new.with_columns(rows[name].unique().sort().gather(votes).alias(name))
    pl.concat([table, new])
    return None  # the rows that are drawn differ


@beside("transform.select_columns", {"columns": DELAYS}, table=flights)
def select_columns(table: pl.DataFrame) -> pl.DataFrame:
    return table.select(DELAYS)


@beside("transform.select_columns_transform", {"columns": DELAYS}, table=flights)
def select_columns_transform(table: pl.DataFrame) -> None:
    return None  # names only


@beside("transform.sort_rows", {"columns": ["carrier", "arr_delay"], "descending": ["arr_delay"]}, table=flights)
def sort_rows(table: pl.DataFrame) -> pl.DataFrame:
    return table.sort("carrier", "arr_delay", descending=[False, True], nulls_last=True, maintain_order=True)


@beside("transform.split_data", {"fraction": 0.7}, table=flights)
def split_data(table: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    drawn = np.zeros(table.height, dtype=bool)
    drawn[np.random.Generator(np.random.PCG64(0)).permutation(table.height)[: int(table.height * 0.7)]] = True
    return table.filter(drawn), table.filter(~drawn)


@beside("transform.text_operations", {"columns": ["tailnum", "time_hour"], "operation": "lower"}, table=flights)
def text_operations(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.col("tailnum", "time_hour").str.to_lowercase().name.suffix("_lower"))


@beside("transform.unpivot", {"columns": DELAYS}, table=flights)
def unpivot(table: pl.DataFrame) -> pl.DataFrame:
    return table.unpivot(DELAYS, index=[name for name in table.columns if name not in DELAYS], variable_name="name")
