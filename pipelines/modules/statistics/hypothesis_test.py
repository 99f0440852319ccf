"""Test Hypothesis: whether means, ranks or shares differ by more than chance."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import polars as pl

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Range, Titles, When
from pipelines.catalogue.ports import Report, Table
from pipelines.modules.statistics._hypothesis import RESULT, Asked, result_of
from pipelines.modules.statistics._samples import ASSOCIATIONS, INDEPENDENT, PAIRED, read_samples

Test = Annotated[
    Literal["one_sample_t", "welch_t", "student_t", "paired_t", "mann_whitney", "wilcoxon", "chi_squared", "fisher", "anova", "kruskal"],
    Titles(
        one_sample_t="One mean (t-test)",
        welch_t="Two means (Welch's t-test)",
        student_t="Two means of equal variance (Student's t-test)",
        paired_t="Two means of pairs (paired t-test)",
        mann_whitney="Two groups by ranks (Mann-Whitney)",
        wilcoxon="Pairs by ranks (Wilcoxon signed-rank)",
        chi_squared="Independence of two categories (chi-squared)",
        fisher="Independence in a 2 by 2 table (Fisher exact)",
        anova="Several means (one-way ANOVA)",
        kruskal="Several groups by ranks (Kruskal-Wallis)",
    ),
]
Alternative = Annotated[
    Literal["two_sided", "greater", "less"], Titles(two_sided="It differs", greater="The first is greater", less="The first is less")
]
SIDED = ("one_sample_t", "welch_t", "student_t", "paired_t", "mann_whitney", "wilcoxon", "fisher")


class Tested(NamedTuple):
    """What the test found.

    Args:
        table: One row: statistic, degrees of freedom, p-value, estimate with its confidence interval, effect size.
        report: The same with a sentence, and the statistics of the groups.
    """

    table: Table
    report: Report


def _columns(table: Table, **_: object) -> tuple[Table, None]:
    return Table(pl.DataFrame(schema=RESULT)), None


@module(
    "Test Hypothesis",
    icon="scale",
    columns=_columns,
    aliases=("t-test", "significance", "p-value", "anova", "chi-squared", "A/B test", "Test Hypothesis Using T-Test", "wilcoxon"),
    libraries=("numpy", "scipy"),
)
def hypothesis_test(
    table: Table,
    *,
    test: Test = "welch_t",
    column: Column,
    groups: Annotated[Column | None, When("test", *INDEPENDENT)] = None,
    other: Annotated[Column | None, When("test", *PAIRED, *ASSOCIATIONS, "welch_t", "student_t", "mann_whitney")] = None,
    value: Annotated[float, When("test", "one_sample_t", "paired_t", "wilcoxon")] = 0.0,
    alternative: Annotated[Alternative, When("test", *SIDED)] = "two_sided",
    confidence: Annotated[float, Range(0, 1, exclusive_min=True, exclusive_max=True)] = 0.95,
) -> Tested:
    """Test whether what a table shows can be chance.

    The p-value is how often a difference at least as large as the one found appears by chance where there is none. It does not say how large
    the difference is: the estimate with its confidence interval and the effect size do. Intervals are two-sided whatever the alternative.

    Two samples are the rows of two groups of one column, in order of the groups' values, or two columns. Rows that miss one of the values
    are removed, and the log says how many; what is not a finite number is treated as missing, and yes/no as 1 and 0. Each test names its effect
    size: Cohen's d (by the pooled deviation; of pairs by that of the differences), rank-biserial correlation, Cramér's V, odds ratio, η², ε².

    t-tests: the means, or their difference, with Student's interval. Mann-Whitney: the chance that a value of the first group is larger, ties
    counted half, with DeLong's interval. Wilcoxon: the median of the differences, with the interval of its order statistics; differences of
    0 are removed. Mann-Whitney and Wilcoxon are exact for few rows without ties, else normal approximations with correction for ties.
    Chi-squared: in a 2 by 2 table with Yates' correction; the interval of V and that of η² come from the noncentral distributions. Fisher:
    the conditional odds ratio of the first values in order, and its exact interval. Kruskal-Wallis has no interval.

    Source: SciPy, and J. H. Steiger, "Beyond the F test", Psychological Methods 9 (2004), for V and η².

    When to use:
        To tell a difference between groups or columns from chance, such as in an A/B test.

    Args:
        table: The rows to test.
        test: What is tested.
        column: The column of values, or the first of two columns or categories.
        groups: The column whose values make the groups; two groups for two means.
        other: The second column: of pairs, of categories, or of a second sample where no groups are selected.
        value: The mean or the difference that is assumed where there is no effect.
        alternative: What is claimed instead of no effect.
        confidence: How often intervals made this way hold the true value.

    Example:
        column: "price"
        groups: "fuel-type"
    """
    samples = read_samples(table.frame, test, column, groups, other)
    asked = Asked(test, value, {"two_sided": "two-sided"}.get(alternative, alternative) if test in SIDED else "two-sided", confidence)
    row, report = result_of(samples, asked)
    return Tested(Table(pl.DataFrame([row], schema=RESULT)), report)
