"""Sentences by key: one folder per language, one file per subject, English complete.

A file in ``wording/catalogues/<language>/`` holds ``SENTENCES``, a mapping from a key such as
``booking.booked`` to a template with ``{names}``. A template may be a mapping of plural forms
instead (``one``, ``other``, ...), chosen by the value given as ``count``.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError

import wording.catalogues

Template = str | Mapping[str, str]
FALLBACK = "en"


@cache
def languages() -> frozenset[str]:
    """Return the languages there are sentences in."""
    return frozenset(m.name for m in pkgutil.iter_modules(wording.catalogues.__path__) if m.ispkg)


@cache
def catalogue(language: str) -> Mapping[str, Template]:
    """Return every sentence of one language; two files with one key are a ValueError."""
    package = importlib.import_module(f"wording.catalogues.{language}")
    sentences: dict[str, Template] = {}
    for module in pkgutil.iter_modules(package.__path__):
        found = importlib.import_module(f"{package.__name__}.{module.name}").SENTENCES
        if doubles := sentences.keys() & found.keys():
            raise ValueError(f"told twice in {language}: {sorted(doubles)}")
        sentences.update(found)
    return sentences


@lru_cache(maxsize=512)
def language_for(locale: str) -> str:
    """Return the language we speak to somebody with that locale, such as "en" for "en-GB"."""
    language = locale.replace("_", "-").split("-")[0].lower()
    return language if language in languages() else FALLBACK


@lru_cache(maxsize=512)
def babel_locale(locale: str) -> Locale:
    """Return Babel's locale of the language we speak to somebody with that locale."""
    try:
        parsed = Locale.parse(locale.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale(language_for(locale))
    return parsed if parsed.language == language_for(locale) else Locale(language_for(locale))


def _template(locale: str, key: str, count: object) -> str:
    template = catalogue(language_for(locale)).get(key)
    if template is None:
        locale = FALLBACK
        template = catalogue(FALLBACK)[key]
    if isinstance(template, str):
        return template
    if not isinstance(count, int):
        raise TypeError(f"{key} needs a count")
    form = babel_locale(locale).plural_form(count)
    return template.get(form) or template["other"]


def say(locale: str, key: str, **values: object) -> str:
    """Return the sentence in the reader's language, English where it is not translated.

    Values are put in as they are and never read as templates. A key that no catalogue has, or a
    value that the sentence needs and was not given, is a KeyError: a defect, found by any test.
    """
    return _template(locale, key, values.get("count")).format_map(values)
