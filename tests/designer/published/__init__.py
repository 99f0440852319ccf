"""Tests of published pipelines."""
