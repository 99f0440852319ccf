"""Parsing an uploaded file into a table: plain Python, run in a child process with limits (`python -m designer.datasets.parsing`)."""
