"""The one place where an instant becomes words: in the reader's zone, by the reader's locale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import get_timezone_location

from scheduling.moments import zone
from scheduling.people import Person
from wording.catalogue import babel_locale, say

NO_ZONE = "UTC"
"""Shown, by name, to people whose zone we do not know yet."""

_MINUTE = timedelta(minutes=1)
# Where CLDR's English writes a city without its accents, or a name nobody uses.
_CITY_NAMES = {
    "America/Asuncion": "Asunción",
    "America/Bogota": "Bogotá",
    "America/Cancun": "Cancún",
    "America/Sao_Paulo": "São Paulo",
    "Asia/Saigon": "Ho Chi Minh City",
    "Asia/Ho_Chi_Minh": "Ho Chi Minh City",
    "Atlantic/Reykjavik": "Reykjavík",
    "Europe/Chisinau": "Chișinău",
    "Europe/Zurich": "Zürich",
    "Pacific/Honolulu": "Honolulu",
}


@lru_cache(maxsize=2048)
def city(zone_name: str, locale: str = "en") -> str:
    """Return the city a zone is called by: "Lisbon", "Buenos Aires"; "UTC" stays "UTC"."""
    if name := _CITY_NAMES.get(zone_name):
        return name
    if zone_name.startswith("Etc/GMT"):
        # POSIX counts westwards: Etc/GMT-3 is what people call UTC+3.
        west = int(zone_name.removeprefix("Etc/GMT") or 0)
        return f"UTC{-west:+d}" if west else NO_ZONE
    if "/" not in zone_name or zone_name.startswith("Etc/"):
        return zone_name.removeprefix("Etc/")
    located = get_timezone_location(zone_name, locale=babel_locale(locale), return_city=True)
    return located.rpartition("/")[2] or zone_name.rpartition("/")[2].replace("_", " ")


def utc_offset(zone_name: str, moment: datetime) -> str:
    """Return the zone's distance from UTC at that moment: "UTC+1", "UTC-3:30", "UTC"."""
    offset = moment.astimezone(zone(zone_name)).utcoffset() or timedelta()
    minutes = abs(offset) // _MINUTE
    if not minutes:
        return "UTC"
    rest = f":{minutes % 60:02}" if minutes % 60 else ""
    return f"UTC{'+' if offset > timedelta() else '-'}{minutes // 60}{rest}"


@lru_cache(maxsize=1024)
def _region(locale: str, zone_name: str) -> Locale:
    """Return the locale whose customs of clock the reader has: the locale's, or the zone's."""
    own = babel_locale(locale)
    if own.territory:
        return own
    territory = get_global("zone_territories").get(zone_name)
    try:
        return Locale.parse(f"und_{territory}") if territory else Locale("en", "GB")
    except (ValueError, UnknownLocaleError):
        return Locale("en", "GB")


@lru_cache(maxsize=1024)
def _twelve_hours(locale: str, zone_name: str) -> bool:
    return "a" in str(_region(locale, zone_name).time_formats["short"].pattern)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads times: where, in which language, and when."""

    zone: str
    locale: str
    now: datetime

    @classmethod
    def of(cls, person: Person, now: datetime) -> Self:
        """Return the person as a reader; one without a zone reads UTC, under that name."""
        return cls(person.zone or NO_ZONE, person.locale, now)

    def elsewhere(self, zone_name: str) -> "Reader":
        """Return the same reader with a clock in another zone."""
        return Reader(zone_name, self.locale, self.now)

    def say(self, key: str, **values: object) -> str:
        """Return the sentence in this reader's language."""
        return say(self.locale, key, **values)

    # --- clocks ---

    @property
    def tz(self) -> ZoneInfo:
        """Return the reader's zone."""
        return zone(self.zone)

    @property
    def today(self) -> date:
        """Return the date on the reader's wall."""
        return self.local(self.now).date()

    def local(self, moment: datetime) -> datetime:
        """Return the moment on the reader's clock."""
        return moment.astimezone(self.tz)

    def at(self, wall: datetime) -> datetime:
        """Return the instant of a wall time of this reader (the first, where it repeats)."""
        return wall.replace(tzinfo=self.tz).astimezone(UTC)

    def same_clock(self, other_zone: str, moment: datetime) -> bool:
        """Say whether another zone shows the same time at that moment."""
        return self.local(moment).utcoffset() == moment.astimezone(zone(other_zone)).utcoffset()

    # --- names ---

    @property
    def city(self) -> str:
        """Return the city of the reader's zone."""
        return city(self.zone, self.locale)

    def weekday(self, day: date) -> str:
        """Return "Tue"."""
        return str(babel_locale(self.locale).days["format"]["abbreviated"][day.weekday()])

    def weekday_name(self, weekday: int) -> str:
        """Return "Tue" for 1; 0 is Monday."""
        return str(babel_locale(self.locale).days["format"]["abbreviated"][weekday])

    def weekday_letters(self, weekday: int) -> str:
        """Return "Tu" for 1; 0 is Monday."""
        return str(babel_locale(self.locale).days["stand-alone"]["short"][weekday])

    def month_name(self, day: date) -> str:
        """Return "Nov"."""
        return str(babel_locale(self.locale).months["format"]["abbreviated"][day.month])

    @property
    def first_weekday(self) -> int:
        """Return the day weeks begin with: the locale's where it names a country, else Monday."""
        own = babel_locale(self.locale)
        return own.first_week_day if own.territory else 0

    # --- days ---

    def date_name(self, day: date) -> str:
        """Return "Tue 24 Nov", with the year only when it is not the present one."""
        key = "times.day" if day.year == self.today.year else "times.day_year"
        return self.say(
            key,
            weekday=self.weekday(day),
            day=day.day,
            month=self.month_name(day),
            year=day.year,
        )

    def day(self, moment: datetime) -> str:
        """Return the local day of a moment: "Tue 24 Nov"."""
        return self.date_name(self.local(moment).date())

    def months(self, first: date, last: date) -> str:
        """Return "Nov 2026", or "Nov-Dec 2026" when the two dates lie in different months."""
        if (first.year, first.month) == (last.year, last.month):
            return self.say("times.month", month=self.month_name(first), year=first.year)
        return self.say(
            "times.months" if first.year == last.year else "times.months_years",
            first=self.month_name(first),
            first_year=first.year,
            last=self.month_name(last),
            year=last.year,
        )

    # --- times ---

    def time(self, moment: datetime) -> str:
        """Return "15:00" or "3:00 PM"; a time that repeats that night says which: "01:30 CET"."""
        local = self.local(moment)
        twin = local.replace(fold=1 - local.fold)
        label = f" {self._label(local)}" if self._repeats(local, twin) else ""
        return self._clock(local) + label

    def time_range(self, start: datetime, end: datetime) -> str:
        """Return "15:00-16:00"; an end a day or more later names its day."""
        first, last = self.time(start), self.time(end)
        if end - start >= timedelta(days=1):
            return self.say("times.long_range", start=first, end=self.day_time(end))
        if (half := first.rpartition(" ")[2]) == last.rpartition(" ")[2] and half != first:
            first = first.removesuffix(f" {half}")  # "3:00-4:00 PM", "01:00-01:30 CET"
        return self.say("times.range", start=first, end=last)

    def day_time(self, moment: datetime) -> str:
        """Return "Tue 24 Nov, 15:00"."""
        return self.say("times.day_time", day=self.day(moment), time=self.time(moment))

    def range(self, start: datetime, end: datetime) -> str:
        """Return "Tue 24 Nov, 15:00-16:00"."""
        return self.say("times.day_time", day=self.day(start), time=self.time_range(start, end))

    def near(self, moment: datetime) -> str:
        """Return as little as names it: "15:00" today, "Tue 15:00" within a week, else the day."""
        if self.local(moment).date() == self.today:
            return self.time(moment)
        return self.near_with_day(moment)

    def near_with_day(self, moment: datetime) -> str:
        """Return "Tue 15:00" within a week, else "Tue 1 Dec, 15:00"; for buttons side by side."""
        day = self.local(moment).date()
        if not timedelta() <= day - self.today < timedelta(days=7):
            return self.day_time(moment)
        return self.say("times.weekday_time", weekday=self.weekday(day), time=self.time(moment))

    def ahead(self, moment: datetime) -> str:
        """Return how far off it is: "In 4 minutes", "In 1 hour", "Today", "Tomorrow", "".

        Empty when it is neither today nor tomorrow, or not ahead at all.
        """
        left = moment - self.now
        minutes = round(left / _MINUTE)
        if left <= timedelta():
            return ""
        if minutes < 180:
            return self.say("times.ahead", length=self.length(timedelta(minutes=max(minutes, 1))))
        away = (self.local(moment).date() - self.today).days
        return {0: self.say("times.today"), 1: self.say("times.tomorrow")}.get(away, "")

    # --- lengths ---

    def length(self, length: timedelta) -> str:
        """Return "10 minutes", "1 hour", "1 hour 15 min", "2 days"."""
        minutes = round(length / _MINUTE)
        if minutes < 60:
            return self.say("times.minutes", count=minutes)
        if minutes % 1440 == 0 and minutes > 1440:
            return self.say("times.days", count=minutes // 1440)
        hours = self.say("times.hours", count=minutes // 60)
        if minutes % 60 == 0:
            return hours
        return self.say("times.hours_minutes", hours=hours, minutes=minutes % 60)

    def short_length(self, length: timedelta) -> str:
        """Return "60 min", "4 h", "1 h 30 min", "60 days"; two hours and more count in hours."""
        minutes = round(length / _MINUTE)
        if minutes < 120:
            return self.say("times.short_minutes", count=minutes)
        if minutes % 1440 == 0:
            return self.say("times.short_days", count=minutes // 1440)
        if minutes % 60 == 0:
            return self.say("times.short_hours", count=minutes // 60)
        return self.say("times.short_hours_minutes", hours=minutes // 60, minutes=minutes % 60)

    def listing(self, items: Sequence[str]) -> str:
        """Return "a", "a and b", "a, b and c"."""
        if len(items) < 2:
            return "".join(items)
        first = self.say("times.comma").join(items[:-1])
        return self.say("times.and", first=first, last=items[-1])

    # --- inside ---

    def _clock(self, local: datetime) -> str:
        if not _twelve_hours(self.locale, self.zone):
            return f"{local:%H:%M}"
        names = babel_locale(self.locale).day_periods["format"]["wide"]
        return f"{local.hour % 12 or 12}:{local:%M} {names['am' if local.hour < 12 else 'pm']}"

    @staticmethod
    def _repeats(local: datetime, twin: datetime) -> bool:
        # Both readings of a gap's wall time differ too, but no instant ever shows one.
        return local.utcoffset() != twin.utcoffset()

    def _label(self, local: datetime) -> str:
        name = local.tzname() or ""
        return name if name.isalpha() else utc_offset(self.zone, local)
