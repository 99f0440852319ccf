"""The settings of latent Dirichlet allocation, and the fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Range, Seed, Title, Titles, When

# The weights of topics are kept as JSON in the transformation.
MOST_WEIGHTS = 2_000_000
Features = Annotated[
    Literal["dictionary", "hashing"], Title("Features"), Titles(dictionary="The most frequent n-grams", hashing="Hashes of n-grams")
]


@dataclass(frozen=True)
class Allocation:
    """The settings of latent Dirichlet allocation.

    Args:
        topics: The number of topics.
        size: The largest number of words in an n-gram; all smaller ones count too.
        normalize: Return probabilities: the topics of a text add up to 1, and so do the features of a topic. If off, they are the weights of the fit.
        alpha: The prior weight of each topic in a text. A small one gives texts with few topics.
        rho: The prior weight of each feature in a topic. A small one gives topics with few words.
        batch_size: How many texts are read before topics are updated.
        offset: Weakens the first updates; the larger, the less do the first texts decide.
        decay: How fast later updates lose weight: weight = (offset + update)^−decay.
        passes: How often all texts are read.
        features: Whether features are n-grams of a dictionary or hashes, which need no dictionary but have no names.
        most: The number of n-grams in the dictionary: those that occur most often.
        bits: The number of hashes is 2 to the power of this.
        seed: Start of the random topics; the same seed gives the same topics.
    """

    topics: Annotated[int, Title("Number of topics"), Range(1, 1000)] = 5
    size: Annotated[int, Title("N-gram size"), Range(1, 10)] = 2
    normalize: bool = True
    alpha: Annotated[float, Title("Alpha"), Range(1e-5, 1)] = 0.01
    rho: Annotated[float, Title("Rho"), Range(1e-5, 1)] = 0.01
    batch_size: Annotated[int, Range(1, 100_000)] = 32
    offset: Annotated[float, Title("Initial iteration value"), Range(1, 10_000)] = 10.0
    decay: Annotated[float, Title("Power applied to the iteration"), Range(0.5, 1)] = 0.5
    passes: Annotated[int, Title("Passes over the texts"), Range(1, 1024)] = 25
    features: Features = "dictionary"
    most: Annotated[int, Title("Dictionary size"), Range(1, 1_000_000), When("features", "dictionary")] = 20_000
    bits: Annotated[int, Title("Hashing bit size"), Range(1, 20), When("features", "hashing")] = 12
    seed: Seed = Seed(0)

    def fit(self, counts: Any) -> Any:
        """Return scikit-learn's estimator, fitted on counted texts.

        Raises:
            ModuleError: `too_large`.
        """
        from sklearn.decomposition import LatentDirichletAllocation

        if self.topics * counts.shape[1] > MOST_WEIGHTS:
            words = f"{self.topics:,} topics of {counts.shape[1]:,} features have more than {MOST_WEIGHTS:,} weights."
            param = "most" if self.features == "dictionary" else "bits"
            raise ModuleError("too_large", words, param=param, remedy="Use fewer topics, or a smaller dictionary or bit size.")
        return LatentDirichletAllocation(
            self.topics,
            doc_topic_prior=self.alpha,
            topic_word_prior=self.rho,
            learning_method="online",
            learning_decay=self.decay,
            learning_offset=self.offset,
            batch_size=self.batch_size,
            max_iter=self.passes,
            random_state=self.seed,
        ).fit(counts)
