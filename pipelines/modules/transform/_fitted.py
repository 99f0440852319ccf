"""What every fitted transformation asks of the table it meets."""

from __future__ import annotations

from pipelines.modelling.fitted import needed

__all__ = ["needed"]
