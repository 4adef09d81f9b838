"""Text with its formatting: entities in UTF-16 offsets, found, checked, cleaned and drawn.

The rules follow TDLib (``td/telegram/MessageEntity.cpp``), the library under the real server.
"""

import re
from dataclasses import dataclass
from html import escape
from typing import Any

from playground.telegram import limits
from playground.telegram.errors import bad_request

Entity = dict[str, Any]

_ORDER = (
    "blockquote", "expandable_blockquote", "text_link", "text_mention", "date_time", "pre", "code",
    "bold", "italic", "underline", "strikethrough", "spoiler", "custom_emoji",
)  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class FormattedText:
    """A text and its entities, offsets and lengths in UTF-16 units."""

    text: str
    entities: tuple[Entity, ...] = ()


def utf16_length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def utf16_slice(text: str, offset: int, length: int) -> str:
    units = text.encode("utf-16-le", "surrogatepass")
    return units[offset * 2 : (offset + length) * 2].decode("utf-16-le", "replace")


def cleaned(text: str) -> str:
    """As Telegram stores it: no carriage returns, control characters as spaces, NUL included."""
    return _CONTROL.sub(" ", text.replace("\r", ""))


def finished(formatted: FormattedText, *, find: bool = True) -> FormattedText:
    """Trim the ends, add what is recognised by itself (links, commands), sort, keep 100."""
    text = cleaned(formatted.text)
    body = text.lstrip(" \n")
    shift, body = len(text) - len(body), body.rstrip(" \n")
    room = utf16_length(body)
    kept: list[Entity] = []
    for entity in formatted.entities:
        stop = entity["offset"] + entity["length"]
        begin = max(0, _without_returns(formatted.text, entity["offset"]) - shift)
        end = min(room, _without_returns(formatted.text, stop) - shift)
        if end > begin:
            kept.append({**entity, "offset": begin, "length": end - begin})
    kept = _without_formatting_in_code(kept)
    if find:
        kept += [found for found in found_entities(body) if not _overlaps_opaque(found, kept)]
    kept.sort(key=_sort_key)
    return FormattedText(body, tuple(kept[: limits.ENTITIES]))


def _without_returns(text: str, offset: int) -> int:
    """Where an offset lies once carriage returns are gone; each was one unit."""
    if "\r" not in text:
        return offset
    return offset - utf16_slice(text, 0, offset).count("\r")


def _sort_key(entity: Entity) -> tuple[int, int, int]:
    kind = entity["type"]
    rank = _ORDER.index(kind) if kind in _ORDER else 0
    return entity["offset"], -entity["length"], rank


def _without_formatting_in_code(entities: list[Entity]) -> list[Entity]:
    opaque = [entity for entity in entities if entity["type"] in {"code", "pre"}]
    return [e for e in entities if e in opaque or not any(_meet(e, code) for code in opaque)]


def _overlaps_opaque(found: Entity, entities: list[Entity]) -> bool:
    names = {"code", "pre", "text_link", "text_mention", "date_time"}
    return any(entity["type"] in names and _meet(found, entity) for entity in entities)


def _meet(one: Entity, other: Entity) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"]
        and other["offset"] < one["offset"] + one["length"]
    )


_URL = re.compile(
    r"(?:https?://|tg://)[^\s<>\"]+"
    r"|(?<![\w@./-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+"
    r"(?:com|org|net|edu|gov|io|dev|app|me|co|info|eu|de|uk|pt|es|fr|it|nl|ru|br|us|ch|at|pl)"
    r"\b(?:/[^\s<>\"]*)?",
    re.IGNORECASE,
)
_FINDERS = (
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("url", _URL),
    ("bot_command", re.compile(r"(?<![\w/<>@.])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@.])@[A-Za-z][A-Za-z0-9_]{2,31}\b")),
    ("hashtag", re.compile(r"(?<![\w#&])#(?=\w*[^\W\d])\w{1,256}")),
)  # fmt: skip


def found_entities(text: str) -> list[Entity]:
    """Links, addresses, commands, mentions and hashtags that need no markup."""
    taken: list[tuple[int, int]] = []
    entities: list[Entity] = []
    for kind, pattern in _FINDERS:
        for match in pattern.finditer(text):
            value = match.group().rstrip(".,;:!?)'\"") if kind == "url" else match.group()
            begin, end = match.start(), match.start() + len(value)
            if value and not any(begin < other_end and start < end for start, other_end in taken):
                taken.append((begin, end))
                entities.append(
                    {
                        "type": kind,
                        "offset": utf16_length(text[:begin]),
                        "length": utf16_length(value),
                    }
                )
    return sorted(entities, key=_sort_key)


_PLAIN = {
    "bold", "italic", "underline", "strikethrough", "spoiler", "code", "blockquote",
    "expandable_blockquote",
}  # fmt: skip
_AUTOMATIC = {
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number",
    "bank_card_number",
}  # fmt: skip


def checked_entities(given: object, text: str) -> tuple[Entity, ...]:
    """Entities sent as JSON beside a text; those Telegram finds by itself are passed over.

    Raises:
        ApiError: 400 "can't parse MessageEntity: ..." for a malformed one.
    """
    if not isinstance(given, list):
        return ()
    checked = (_checked_entity(entity, utf16_length(text)) for entity in given)
    return tuple(entity for entity in checked if entity is not None)


def _checked_entity(given: object, room: int) -> Entity | None:
    if not isinstance(given, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    kind, offset, length = given.get("type"), given.get("offset"), given.get("length")
    if not isinstance(offset, int) or not isinstance(length, int):
        raise bad_request('can\'t parse MessageEntity: field "offset" must be of type Number')
    if kind in _AUTOMATIC:
        return None
    entity: Entity = {"type": kind, "offset": offset, "length": length}
    if kind == "text_link":
        entity["url"] = str(given.get("url", ""))
    elif kind == "text_mention":
        entity["user"] = given.get("user")
    elif kind == "pre":
        entity |= {"language": given["language"]} if given.get("language") else {}
    elif kind == "custom_emoji":
        entity["custom_emoji_id"] = str(given.get("custom_emoji_id", ""))
    elif kind == "date_time":
        entity["unix_time"] = _positive(given.get("unix_time"))
        style = normal_date_format(str(given.get("date_time_format") or ""))
        if style is None:
            raise bad_request("can't parse MessageEntity: Invalid date-time format specified")
        entity["date_time_format"] = style
    elif kind not in _PLAIN:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    if offset < 0 or length < 0 or offset + length > room:
        raise bad_request(
            f"entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 "
            f"offset {offset + length}"
        )
    return entity


def _positive(value: object) -> int:
    if not isinstance(value, int) or value <= 0:
        raise bad_request("invalid date specified")
    return value


def normal_date_format(given: str) -> str | None:
    """Telegram's own spelling: ``r`` alone, else weekday, date, time; None for other letters."""
    if given in {"r", "R"}:
        return "r"
    if set(given) - set("wWdDtT"):
        return None
    weekday = "w" if set(given) & set("wW") else ""
    date = "d" if "d" in given else "D" if "D" in given else ""
    time = "t" if "t" in given else "T" if "T" in given else ""
    return weekday + date + time


_TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ("<tg-spoiler>", "</tg-spoiler>"),
    "code": ("<code>", "</code>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote expandable>", "</blockquote>"),
}


def as_html(text: str, entities: tuple[Entity, ...] | list[Entity]) -> str:
    """The text as Bot API HTML again, for transcripts; automatic entities stay plain."""
    units = text.encode("utf-16-le", "surrogatepass")
    nested = [entity for entity in entities if _tags(entity) is not None]
    return _drawn(units, 0, len(units) // 2, nested)


def _drawn(units: bytes, begin: int, end: int, entities: list[Entity]) -> str:
    parts: list[str] = []
    position = begin
    while entities:
        first, *rest = entities
        stop = first["offset"] + first["length"]
        inside = [entity for entity in rest if entity["offset"] < stop]
        entities = [entity for entity in rest if entity["offset"] >= stop]
        opening, closing = _tags(first) or ("", "")
        parts.append(_plain(units, position, first["offset"]))
        parts.append(opening + _drawn(units, first["offset"], stop, inside) + closing)
        position = stop
    parts.append(_plain(units, position, end))
    return "".join(parts)


def _plain(units: bytes, begin: int, end: int) -> str:
    return escape(units[begin * 2 : end * 2].decode("utf-16-le", "replace"), quote=False)


def _tags(entity: Entity) -> tuple[str, str] | None:
    kind = entity["type"]
    if kind == "text_link":
        return f'<a href="{escape(entity["url"])}">', "</a>"
    if kind == "text_mention":
        return f'<a href="tg://user?id={entity["user"]["id"]}">', "</a>"
    if kind == "pre":
        language = entity.get("language")
        if language:
            return f'<pre><code class="language-{escape(language)}">', "</code></pre>"
        return "<pre>", "</pre>"
    if kind == "date_time":
        style = entity.get("date_time_format")
        attribute = f' format="{escape(style)}"' if style else ""
        return f'<tg-time unix="{entity["unix_time"]}"{attribute}>', "</tg-time>"
    if kind == "custom_emoji":
        return f'<tg-emoji emoji-id="{escape(entity["custom_emoji_id"])}">', "</tg-emoji>"
    return _TAGS.get(kind)
