"""Days, times and lengths."""

from wording.catalogue import Template

SENTENCES: dict[str, Template] = {
    "times.day": "{weekday} {day} {month}",
    "times.day_year": "{weekday} {day} {month} {year}",
    "times.day_time": "{day}, {time}",
    "times.weekday_time": "{weekday} {time}",
    "times.range": "{start}-{end}",
    "times.long_range": "{start} - {end}",
    "times.month": "{month} {year}",
    "times.months": "{first}-{last} {year}",
    "times.months_years": "{first} {first_year}-{last} {year}",
    "times.today": "Today",
    "times.tomorrow": "Tomorrow",
    "times.ahead": "In {length}",
    "times.minutes": {"one": "1 minute", "other": "{count} minutes"},
    "times.hours": {"one": "1 hour", "other": "{count} hours"},
    "times.days": {"one": "1 day", "other": "{count} days"},
    "times.hours_minutes": "{hours} {minutes} min",
    "times.short_minutes": "{count} min",
    "times.short_hours": "{count} h",
    "times.short_days": {"one": "1 day", "other": "{count} days"},
    "times.short_hours_minutes": "{hours} h {minutes} min",
    "times.and": "{first} and {last}",
    "times.comma": ", ",
}
