"""Chooses the five features of the income sample: Pearson's chi-squared statistic with income, on the training half of the sample's split.

Every distinct value is a category, a missing value too. A column counts only when its dependence is significant (p < 0.001), which
leaves out columns with nearly as many values as rows, whose statistic is large by chance. Run: python tests/bench/income_features.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from scipy.stats import chi2_contingency

SAMPLES = Path(__file__).parents[2] / "designer" / "datasets" / "samples"


def main() -> None:
    people = pl.read_parquet(SAMPLES / "adult_census_income.parquet").head(32_561)
    order = np.random.Generator(np.random.PCG64(0)).permutation(people.height)
    half = people[np.sort(order[: people.height // 2]).tolist()]
    found = []
    for column in half.columns[:-1]:
        pairs = half.select(value=pl.col(column).cast(pl.String).fill_null("missing"), income="income")
        counts = pairs.pivot("income", index="value", values="income", aggregate_function="len").drop("value").fill_null(0)
        test = chi2_contingency(counts.to_numpy())
        found.append((float(test.statistic), float(test.pvalue), counts.height, column))
    for statistic, p, values, column in sorted(found, reverse=True):
        print(f"{column:16} chi² {statistic:10.1f}   p {p:8.2g}   {values} values{'' if p < 0.001 else '   (not significant)'}")
    print("Chosen:", [column for _, p, _, column in sorted(found, reverse=True) if p < 0.001][:5])


if __name__ == "__main__":
    main()
