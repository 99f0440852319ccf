"""Hypothesis tests: SciPy's, with an estimate, its interval and an effect size for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.catalogue.reporting import log
from pipelines.modules.statistics._samples import Samples

SMALLEST = 1e-12  # where SciPy's inverse means 0
FEWEST_EXPECTED = 5  # Cochran's rule for chi-squared


@dataclass(frozen=True)
class Asked:
    """The settings of a test."""

    test: str
    value: float
    alternative: Any
    confidence: float


@dataclass(frozen=True)
class Found:
    """What a test found; `claim` is the sentence that holds if p is small."""

    test: str
    claim: str
    name: str
    statistic: float | None
    p: float | None
    freedom: float | None = None
    residual: float | None = None
    estimated: str = ""
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    effect_name: str = ""
    effect: float | None = None


def _claim(what: str, than: str, asked: Asked) -> str:
    verb = {"two-sided": "differs from", "greater": "is greater than", "less": "is less than"}[asked.alternative]
    return f"{what} {verb} {than}"


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")


def _two_sided(result: Any, asked: Asked, again: Callable[[], Any]) -> tuple[float, float]:
    """The interval of a two-sided test, whatever the alternative."""
    low, high = (result if asked.alternative == "two-sided" else again()).confidence_interval(asked.confidence)
    return float(low), float(high)


def _one_sample(samples: Samples, asked: Asked) -> Found:
    what = f"The mean of “{samples.names[0]}”"
    return _mean(samples.values[0], asked, "One-sample t-test", what, "mean", "Cohen's d")


def _paired(samples: Samples, asked: Asked) -> Found:
    what = f"The mean of “{samples.names[0]}” minus “{samples.names[1]}”"
    differences = samples.values[0] - samples.values[1]
    return _mean(differences, asked, "Paired t-test", what, "mean of the differences", "Cohen's d of the differences")


def _mean(x: np.ndarray, asked: Asked, title: str, what: str, estimated: str, effect_name: str) -> Found:
    from scipy.stats import ttest_1samp

    result = ttest_1samp(x, asked.value, alternative=asked.alternative)
    low, high = _two_sided(result, asked, lambda: ttest_1samp(x, asked.value))
    effect = _ratio(x.mean() - asked.value, x.std(ddof=1))
    head = (title, _claim(what, f"{asked.value:g}", asked), "t", result.statistic, result.pvalue, result.df, None)
    return Found(*head, estimated, x.mean(), low, high, effect_name, effect)


def _two_means(samples: Samples, asked: Asked) -> Found:
    from scipy.stats import ttest_ind

    equal = asked.test == "student_t"
    a, b = samples.values
    result = ttest_ind(a, b, equal_var=equal, alternative=asked.alternative)
    low, high = _two_sided(result, asked, lambda: ttest_ind(a, b, equal_var=equal))
    pooled = (((a - a.mean()) ** 2).sum() + ((b - b.mean()) ** 2).sum()) / (len(a) + len(b) - 2)
    difference = a.mean() - b.mean()
    claim = _claim(f"The mean of “{samples.names[0]}”", f"that of “{samples.names[1]}”", asked)
    title = "Student's t-test" if equal else "Welch's t-test"
    head = (title, claim, "t", result.statistic, result.pvalue, result.df, None)
    return Found(*head, "difference of the means", difference, low, high, "Cohen's d", _ratio(difference, pooled**0.5))


def _mann_whitney(samples: Samples, asked: Asked) -> Found:
    from scipy.stats import mannwhitneyu, norm, rankdata

    a, b = samples.values
    result = mannwhitneyu(a, b, alternative=asked.alternative)
    larger = _ratio(result.statistic, len(a) * len(b))
    both = rankdata(np.concatenate([a, b]))
    above = (both[: len(a)] - rankdata(a)) / len(b)  # DeLong's placements: of each value, the share of the others below it
    below = (both[len(a) :] - rankdata(b)) / len(a)
    off = norm.ppf((1 + asked.confidence) / 2) * (above.var(ddof=1) / len(a) + below.var(ddof=1) / len(b)) ** 0.5
    claim = f"The values of “{samples.names[0]}” and “{samples.names[1]}” differ in rank"
    if asked.alternative != "two-sided":
        claim = f"The values of “{samples.names[0]}” tend to be {asked.alternative} than those of “{samples.names[1]}”"
    head = ("Mann-Whitney U test", claim, "U", result.statistic, result.pvalue, None, None)
    low, high = max(0.0, larger - off), min(1.0, larger + off)
    return Found(*head, "chance that the first is larger", larger, low, high, "rank-biserial correlation", 2 * larger - 1)


def _wilcoxon(samples: Samples, asked: Asked) -> Found:
    from scipy.stats import quantile_test, rankdata, wilcoxon

    x = samples.values[0] - (samples.values[1] if len(samples.values) > 1 else 0.0) - asked.value
    moved = x[x != 0]
    what = "difference" if len(samples.values) > 1 else "value"
    claim = _claim(f"The median {what}", f"{asked.value:g}", asked)
    if not len(moved):
        return Found("Wilcoxon signed-rank test", claim, "W+", None, None)
    result = wilcoxon(moved, alternative=asked.alternative)
    ranks = rankdata(np.abs(moved))
    plus = float(ranks[moved > 0].sum())
    interval = quantile_test(x, q=0, p=0.5).confidence_interval(asked.confidence)
    head = ("Wilcoxon signed-rank test", claim, "W+", plus, result.pvalue, None, None)
    median, low, high = (float(each + asked.value) for each in (np.median(x), interval.low, interval.high))
    return Found(*head, f"median {what}", median, low, high, "rank-biserial correlation", 2 * plus / ranks.sum() - 1)


def _chi_squared(samples: Samples, asked: Asked) -> Found:
    from scipy.stats import chi2_contingency

    result = chi2_contingency(samples.counts)
    if low := int((result.expected_freq < FEWEST_EXPECTED).sum()):
        log(
            f"{low} of {samples.counts.size} cells have fewer than {FEWEST_EXPECTED} expected rows; the p-value is a rough approximation.",
            "warning",
        )
    plain = chi2_contingency(samples.counts, correction=False).statistic
    size = samples.rows * (min(samples.counts.shape) - 1)
    ends = [(centre / size) ** 0.5 for centre in _noncentral("chi2", plain, (result.dof,), asked.confidence)]
    claim = "The two columns depend on each other"
    head = ("Chi-squared test of independence", claim, "χ²", result.statistic, result.pvalue, result.dof, None)
    v = (plain / size) ** 0.5
    return Found(*head, "Cramér's V", v, ends[0], min(1.0, ends[1]), "Cramér's V", v)


def _fisher(samples: Samples, asked: Asked) -> Found:
    from scipy.stats import fisher_exact
    from scipy.stats.contingency import odds_ratio

    p = fisher_exact(samples.counts, alternative=asked.alternative).pvalue
    ratio = odds_ratio(samples.counts)
    low, high = ratio.confidence_interval(asked.confidence)
    claim = "The two columns depend on each other" if asked.alternative == "two-sided" else f"The odds ratio is {asked.alternative} than 1"
    head = ("Fisher exact test", claim, "odds ratio", ratio.statistic, p, None, None)
    return Found(*head, "conditional odds ratio", ratio.statistic, low, high, "odds ratio", ratio.statistic)


def _anova(samples: Samples, asked: Asked) -> Found:
    from scipy.stats import f_oneway

    result = f_oneway(*samples.values)
    freedom, residual = len(samples.values) - 1, samples.rows - len(samples.values)
    share = result.statistic * freedom / (result.statistic * freedom + residual) if np.isfinite(result.statistic) else float("nan")
    centres = _noncentral("f", result.statistic, (freedom, residual), asked.confidence)
    low, high = (centre / (centre + samples.rows) for centre in centres)
    head = ("One-way ANOVA", "The means of the groups are not all equal", "F", result.statistic, result.pvalue, freedom, residual)
    return Found(*head, "share of the variance between the groups, η²", share, low, high, "η²", share)


def _kruskal(samples: Samples, asked: Asked) -> Found:
    from scipy.stats import kruskal

    try:
        statistic, p = kruskal(*samples.values)
    except ValueError:  # all numbers are identical
        statistic, p = float("nan"), float("nan")
    share = _ratio(statistic, samples.rows - 1)
    head = ("Kruskal-Wallis test", "The groups do not all have the same ranks", "H", statistic, p, len(samples.values) - 1, None)
    return Found(*head, "share of the variance of ranks, ε²", share, None, None, "ε²", share)


def _noncentral(kind: str, statistic: float, freedom: tuple[float, ...], confidence: float) -> tuple[float, float]:
    """The noncentralities of which the statistic is the upper and the lower bound."""
    from scipy.optimize import brentq
    from scipy.special import chndtrinc, ncfdtr

    tails = ((1 + confidence) / 2, (1 - confidence) / 2)
    if not np.isfinite(statistic):
        return float("nan"), float("nan")
    if kind == "chi2":
        found = [centre if (centre := float(chndtrinc(statistic, freedom[0], tail))) > SMALLEST else 0.0 for tail in tails]
        return found[0], found[1]
    ends = []
    for tail in tails:
        if ncfdtr(*freedom, 0.0, statistic) <= tail:
            ends.append(0.0)
            continue
        high = max(1.0, statistic * freedom[0])
        while ncfdtr(*freedom, high, statistic) > tail:
            high *= 2
        ends.append(float(brentq(lambda centre, tail=tail: ncfdtr(*freedom, centre, statistic) - tail, 0.0, high, xtol=1e-12)))
    return ends[0], ends[1]


TESTS: Mapping[str, Callable[[Samples, Asked], Found]] = {
    "one_sample_t": _one_sample,
    "welch_t": _two_means,
    "student_t": _two_means,
    "paired_t": _paired,
    "mann_whitney": _mann_whitney,
    "wilcoxon": _wilcoxon,
    "chi_squared": _chi_squared,
    "fisher": _fisher,
    "anova": _anova,
    "kruskal": _kruskal,
}
