"""Imports: datasets with a source outside, which a pipeline reads again by hand or on a schedule."""
