"""A schedule that has notices."""

from tests.designer.schedules.conftest import _no_broker, cars, minutely

__all__ = ["_no_broker", "cars", "minutely"]
