"""Helpers of tests: an installation, servers, a browser, graphs, modules."""
