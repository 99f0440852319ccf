"""Searches over the settings of a learner: the space, the samplers, and the rule that chooses the next trial."""
