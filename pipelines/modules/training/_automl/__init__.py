"""The parts of Train Best Model: the problem, its trials, the final model, the report, and the winner as a pipeline."""
