"""Time zone of a shared location, where the extra ``geo`` is installed."""

from collections.abc import Callable
from importlib.util import find_spec


def zone_finder() -> Callable[[float, float], str | None] | None:
    """Return a function from latitude and longitude to a zone name; None without the extra.

    The library takes longitude first. Its borders are right to about a hundred metres, which is
    why the answer is always shown for a yes.
    """
    if find_spec("tzfpy") is None:
        return None
    from tzfpy import get_tz

    def zone_at(latitude: float, longitude: float) -> str | None:
        return get_tz(longitude, latitude) or None

    return zone_at
