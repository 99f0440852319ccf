"""The shelf Statistics beside SciPy, NumPy and Polars. A module's charts and tables count: the plain calls compute what they show."""

from __future__ import annotations

import numpy as np
import polars as pl

from tests.bench.module_baselines.case import beside
from tests.bench.module_baselines.tables import flights, full_numbers, numbers

SHARES = {"P0.5": 0.005, "P1": 0.01, "P5": 0.05, "1st": 0.25, "median": 0.5, "3rd": 0.75, "P95": 0.95, "P99.5": 0.995}


@beside("statistics.linear_correlation", variant="no gaps", table=full_numbers)
def correlation(table: pl.DataFrame) -> np.ndarray | None:
    from scipy.special import stdtr  # noqa: PLC0415

    found = np.corrcoef(table.to_numpy().T)
    r = found[np.triu_indices(len(found), 1)]
    t = np.abs(r) * np.sqrt((table.height - 2) / np.maximum(1 - r**2, 1e-300))
    2 * stdtr(table.height - 2, -t)
    return None


@beside("statistics.linear_correlation", variant="gaps", table=numbers)
def correlation_with_gaps(table: pl.DataFrame) -> pl.DataFrame:
    from scipy.special import stdtr  # noqa: PLC0415

    frame = table.to_pandas()
    r, known = frame.corr().to_numpy(), frame.notna().to_numpy().astype(float)
    rows = known.T @ known
    2 * stdtr(rows - 2, -np.abs(r) * np.sqrt((rows - 2) / np.maximum(1 - r**2, 1e-300)))
    return pl.DataFrame({"Column": table.columns, **{name: r[:, at] for at, name in enumerate(table.columns)}})


@beside("statistics.linear_correlation", {"method": "spearman"}, variant="ranks", table=full_numbers)
def rank_correlation(table: pl.DataFrame) -> pl.DataFrame:
    from scipy.special import stdtr  # noqa: PLC0415

    r = np.corrcoef(table.select(pl.all().rank()).to_numpy().T)
    2 * stdtr(table.height - 2, -np.abs(r) * np.sqrt((table.height - 2) / np.maximum(1 - r**2, 1e-300)))
    return pl.DataFrame({"Column": table.columns, **{name: r[:, at] for at, name in enumerate(table.columns)}})


@beside("statistics.summarize_data", table=flights)
def summary(table: pl.DataFrame) -> None:
    measured = [name for name, kind in table.schema.items() if kind.is_numeric()]
    texts = [name for name in table.columns if name not in measured]
    of_all = [
        figure(pl.col(name)).alias(f"{name} {of}")
        for name in table.columns
        for of, figure in {"unique": pl.Expr.n_unique, "missing": pl.Expr.null_count, "min": pl.Expr.min, "max": pl.Expr.max}.items()
    ]
    figures = {
        "mean": pl.Expr.mean,
        "variance": pl.Expr.var,
        "skewness": pl.Expr.skew,
        "kurtosis": pl.Expr.kurtosis,
        "off": lambda values: (values - values.mean()).abs().mean(),
        "mode": lambda values: values.mode().min(),
        **{of: lambda values, share=share: values.quantile(share, "linear") for of, share in SHARES.items()},
    }
    of_numbers = [figure(pl.col(name).drop_nulls()).alias(f"{name} {of}") for name in measured for of, figure in figures.items()]
    of_texts = [pl.col(name).drop_nulls().mode().min().alias(f"{name} mode") for name in texts]
    table.select(*of_all, *of_numbers, *of_texts)


@beside("statistics.hypothesis_test", {"column": "arr_delay", "groups": "origin"}, variant="welch", table=lambda rows: of_two(rows))
def welch(table: pl.DataFrame) -> None:
    from scipy.stats import ttest_ind  # noqa: PLC0415

    known = table.select("arr_delay", "origin").drop_nulls()
    a, b = (known.filter(pl.col("origin") == name)["arr_delay"].to_numpy() for name in ("EWR", "JFK"))
    found = ttest_ind(a, b, equal_var=False)
    found.confidence_interval(0.95)
    spread = (len(a) * a.var() + len(b) * b.var()) / (len(a) + len(b) - 2)
    (a.mean() - b.mean()) / spread**0.5  # Cohen's d
    [(each.mean(), each.std(ddof=1), np.median(each)) for each in (a, b)]


@beside(
    "statistics.hypothesis_test",
    {"test": "mann_whitney", "column": "arr_delay", "groups": "origin"},
    variant="ranks",
    table=lambda rows: of_two(rows),
)
def ranks(table: pl.DataFrame) -> None:
    from scipy.stats import mannwhitneyu, rankdata  # noqa: PLC0415

    known = table.select("arr_delay", "origin").drop_nulls()
    a, b = (known.filter(pl.col("origin") == name)["arr_delay"].to_numpy() for name in ("EWR", "JFK"))
    mannwhitneyu(a, b)
    whole = rankdata(np.concatenate([a, b]))  # the interval of the chance that the first is larger takes the ranks
    (whole[: len(a)] - rankdata(a)).var(), (whole[len(a) :] - rankdata(b)).var()
    [(each.mean(), each.std(ddof=1), np.median(each)) for each in (a, b)]


def of_two(rows: int) -> pl.DataFrame:
    return flights(rows).filter(pl.col("origin") != "LGA")


@beside("statistics.normality_test", {"columns": ["arr_delay", "air_time", "distance"]}, table=flights)
def normality(table: pl.DataFrame) -> None:
    from scipy.special import log_ndtr, ndtri  # noqa: PLC0415
    from scipy.stats import normaltest  # noqa: PLC0415

    for name in ("arr_delay", "air_time", "distance"):
        x = np.sort(table[name].drop_nulls().to_numpy().astype(float))
        normaltest(x)
        n, z = len(x), (x - x.mean()) / x.std(ddof=1)
        -n - ((2 * np.arange(1, n + 1) - 1) * (log_ndtr(z) + log_ndtr(-z[::-1]))).mean()  # Anderson and Darling's statistic
        ndtri((np.linspace(0, n - 1, 300) + 0.5) / n), np.quantile(x, (0.25, 0.75))
