"""Datasets: upload, versions, rows and profile, and the samples that come with Easel."""
