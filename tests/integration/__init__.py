"""Tests of whole installations."""
