"""Until when: votes are counted, heads are counted, an offered seat is one person's alone."""

from datetime import datetime, timedelta

from scheduling.moments import utc, zone
from scheduling.policy import Policy

_DAY = timedelta(days=1)
_LONGEST_QUESTION = timedelta(days=4)
_SHORTEST_QUESTION = timedelta(minutes=15)
_ENOUGH = timedelta(hours=3)
"""A vote shorter than that ends half-way to the first candidate instead."""
_WAKES = 8
_SLEEPS = 22


def question_deadline(now: datetime, first: datetime) -> datetime:
    """Return when votes are counted: about half of the time until the first candidate.

    Whole days before that candidate, so that nobody's vote ends at night; half-way where it is
    sooner. At most four days, at least a quarter of an hour, never after it begins.
    """
    ahead = first - now
    days = max(1, ahead // _DAY // 2, -((_LONGEST_QUESTION - ahead) // _DAY))
    by_day = first - days * _DAY
    if by_day - now >= _ENOUGH:
        return by_day
    return min(now + _whole(max(ahead / 2, _SHORTEST_QUESTION)), first)


def heads_deadline(now: datetime, start: datetime) -> datetime:
    """Return when heads are counted: a day before the start, or half-way if that is gone."""
    day_before = start - _DAY
    return day_before if day_before > now else now + _whole((start - now) / 2)


def nudge_time(asked_at: datetime, decide_by: datetime) -> datetime:
    """Return when those who have not voted are asked once more: half-way to the count."""
    return asked_at + (decide_by - asked_at) / 2


def offer_deadline(
    policy: Policy, now: datetime, start: datetime, zone_name: str | None
) -> datetime:
    """Return until when an offered seat is kept for one person, never after the start.

    Only time between 8 and 22 h on that person's clock counts; more of it is given while the
    start is more than a day away.
    """
    left = policy.early_offer_ttl if start - now > _DAY else policy.offer_ttl
    tz = zone(zone_name or "UTC")
    moment = now
    while moment < start:
        local = moment.astimezone(tz)
        wakes = utc(local.replace(hour=_WAKES, minute=0, second=0, microsecond=0))
        sleeps = utc(local.replace(hour=_SLEEPS, minute=0, second=0, microsecond=0))
        begin = max(moment, wakes)
        if begin < sleeps:
            if begin + left <= sleeps:
                return min(begin + left, start)
            left -= sleeps - begin
        # The next local midnight, however long the clock made this day.
        moment = utc((local + _DAY).replace(hour=0, minute=0, second=0, microsecond=0))
    return start


def _whole(length: timedelta) -> timedelta:
    """Return the length in whole minutes: deadlines are read by people."""
    return length - length % timedelta(minutes=1)
