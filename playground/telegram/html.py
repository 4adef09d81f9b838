"""HTML parse mode, as strict and as lenient as TDLib's ``parse_html``.

It reads a small language of its own rather than real HTML: 17 tags, four named entities, any
case of tag names, ``</>`` as an end tag, and an ampersand that begins nothing stays as it is.
"""

import re
from dataclasses import dataclass, field

from playground.telegram.entities import (
    Entity,
    FormattedText,
    normal_date_format,
    utf16_length,
)
from playground.telegram.errors import ApiError, bad_request
from playground.telegram.links import checked_link, mentioned_user

TAGS = frozenset(
    {
        "a", "b", "strong", "i", "em", "s", "strike", "del", "u", "ins", "tg-spoiler", "tg-emoji",
        "tg-time", "span", "pre", "code", "blockquote",
    }
)  # fmt: skip
_SIMPLE = {
    "i": "italic", "em": "italic", "b": "bold", "strong": "bold", "s": "strikethrough",
    "strike": "strikethrough", "del": "strikethrough", "u": "underline", "ins": "underline",
    "tg-spoiler": "spoiler", "span": "spoiler",
}  # fmt: skip
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([A-Za-z]+));?")
_SPACE = " \t\r\n\0\v"


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    unix: int
    offset: int
    text_position: int


@dataclass(slots=True)
class _Parser:
    source: str
    position: int = 0
    offset: int = 0
    out: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def fail(self, reason: str) -> ApiError:
        return bad_request(f"can't parse entities: {reason}")

    def byte(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))

    def peek(self) -> str:
        return self.source[self.position] if self.position < len(self.source) else ""

    def skip_space(self) -> None:
        while self.peek() and self.peek() in _SPACE:
            self.position += 1

    def write(self, text: str) -> None:
        self.out.append(text)
        self.offset += utf16_length(text)

    def parse(self) -> FormattedText:
        while self.position < len(self.source):
            stop = re.compile(r"[<&]").search(self.source, self.position)
            end = stop.start() if stop else len(self.source)
            if end > self.position:
                self.write(self.source[self.position : end])
                self.position = end
            elif self.peek() == "&":
                self.write(self.reference())
            elif self.source.startswith("</", self.position):
                self.end_tag()
            else:
                self.start_tag()
        if self.open:
            raise self.fail(f'can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        return FormattedText("".join(self.out), tuple(self.entities))

    def reference(self) -> str:
        """The character behind ``&...;``, or the ampersand itself when it names none."""
        found = _REFERENCE.match(self.source, self.position)
        character = _character(found) if found else ""
        if found is None or not character:
            self.position += 1
            return "&"
        self.position = found.end()
        return character

    def start_tag(self) -> None:
        begin = self.position
        self.position += 1
        while self.peek() and self.peek() not in _SPACE + ">":
            self.position += 1
        if not self.peek():
            raise self.fail(f"Unclosed start tag at byte offset {self.byte(begin)}")
        tag = self.source[begin + 1 : self.position].lower()
        if tag not in TAGS:
            raise self.fail(f'Unsupported start tag "{tag}" at byte offset {self.byte(begin)}')
        attributes = self.attributes(tag, begin)
        self.position += 1
        argument = _argument(tag, attributes)
        if tag == "span" and argument != "spoiler":
            raise self.fail(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self.byte(begin)}'
            )
        unix = re.match(r"\s*[+-]?\d+", attributes.get("unix", "")) if tag == "tg-time" else None
        seconds = int(unix.group()) if unix else 0
        self.open.append(_Open(tag, argument, seconds, self.offset, len("".join(self.out))))

    def attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        unclosed = f'Unclosed start tag "{tag}" at byte offset {self.byte(begin)}'
        while True:
            self.skip_space()
            if self.peek() == ">":
                return found
            name_begin = self.position
            while self.peek() and self.peek() not in _SPACE + "=>/\"'":
                self.position += 1
            name = self.source[name_begin : self.position]
            if not name:
                if not self.peek():
                    raise self.fail(unclosed)
                raise self.fail(
                    f'Empty attribute name in the tag "{tag}" at byte offset {self.byte(begin)}'
                )
            self.skip_space()
            if not self.peek():
                raise self.fail(unclosed)
            if self.peek() != "=":
                found[name] = "1" if name == "expandable" else ""
                continue
            self.position += 1
            self.skip_space()
            if not self.peek():
                raise self.fail(unclosed)
            found[name] = self.attribute_value()
            if not self.peek():
                raise self.fail(f"Unclosed start tag at byte offset {self.byte(begin)}")

    def attribute_value(self) -> str:
        quote = self.peek()
        begin = self.position
        if quote not in {"'", '"'}:
            while self.peek() and (self.peek().isalnum() or self.peek() in ".-"):
                self.position += 1
            if self.peek() not in {*_SPACE, ">"}:
                raise self.fail(f"Unexpected end of name token at byte offset {self.byte(begin)}")
            return self.source[begin : self.position].lower()
        self.position += 1
        value: list[str] = []
        while self.peek() and self.peek() != quote:
            if self.peek() == "&":
                value.append(self.reference())
            else:
                value.append(self.peek())
                self.position += 1
        if self.peek():
            self.position += 1
        return "".join(value)

    def end_tag(self) -> None:
        begin = self.position
        if not self.open:
            raise self.fail(f"Unexpected end tag at byte offset {self.byte(begin)}")
        self.position += 2
        while self.peek() and self.peek() not in _SPACE + ">":
            self.position += 1
        tag = self.source[begin + 2 : self.position].lower()
        self.skip_space()
        if self.peek() != ">":
            raise self.fail(f"Unclosed end tag at byte offset {self.byte(begin)}")
        self.position += 1
        opened = self.open.pop()
        if tag and tag != opened.tag:
            raise self.fail(
                f"Unmatched end tag at byte offset {self.byte(begin)}, expected "
                f'"</{opened.tag}>", found "</{tag}>"'
            )
        if self.offset > opened.offset:
            self.close(opened)

    def close(self, opened: _Open) -> None:
        entity: Entity = {
            "type": _SIMPLE.get(opened.tag, opened.tag),
            "offset": opened.offset,
            "length": self.offset - opened.offset,
        }
        if opened.tag == "a":
            self.close_link(entity, opened)
        elif opened.tag in {"pre", "code"}:
            self.close_code(entity, opened)
        elif opened.tag == "tg-time":
            style = normal_date_format(opened.argument)
            if style is None:
                raise self.fail("Invalid date format used")
            if opened.unix > 0:
                entity |= {"type": "date_time", "unix_time": opened.unix}
                self.entities.append(entity | {"date_time_format": style})
        elif opened.tag == "tg-emoji":
            if not opened.argument.isdigit() or int(opened.argument) == 0:
                raise self.fail("Invalid custom emoji identifier specified")
            entity |= {"type": "custom_emoji", "custom_emoji_id": opened.argument}
            self.entities.append(entity)
        elif opened.tag == "blockquote" and opened.argument:
            self.entities.append(entity | {"type": "expandable_blockquote"})
        else:
            self.entities.append(entity)

    def close_link(self, entity: Entity, opened: _Open) -> None:
        url = opened.argument or "".join(self.out)[opened.text_position :]
        if user := mentioned_user(url):
            self.entities.append(entity | {"type": "text_mention", "user": {"id": user}})
        elif link := checked_link(url):
            self.entities.append(entity | {"type": "text_link", "url": link})

    def close_code(self, entity: Entity, opened: _Open) -> None:
        """``<pre><code class="language-x">`` and its inversion make one ``pre`` entity."""
        last = self.entities[-1] if self.entities else None
        same = last is not None and all(last[name] == entity[name] for name in ("offset", "length"))
        if last is not None and same and opened.tag == "pre" and last.get("language"):
            last["type"] = "pre"
        elif last is not None and same and last["type"] == "pre" and opened.argument:
            last["language"] = opened.argument
        else:
            language = {"language": opened.argument} if opened.argument else {}
            self.entities.append(entity | language)


def _character(found: re.Match[str]) -> str:
    hexadecimal, decimal, name = found.groups()
    if name:
        return _NAMED.get(name, "")
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if code == 0 or code >= 0x10FFFF or len(found.group().rstrip(";")) >= 10:
        return ""
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)


def _argument(tag: str, attributes: dict[str, str]) -> str:
    match tag:
        case "a":
            return attributes.get("href", "")
        case "code" if attributes.get("class", "").startswith("language-"):
            return attributes["class"].removeprefix("language-")
        case "span" if attributes.get("class", "").startswith("tg-"):
            return attributes["class"].removeprefix("tg-")
        case "tg-emoji":
            return attributes.get("emoji-id", "")
        case "tg-time":
            return attributes.get("format", "")
        case "blockquote":
            return "1" if "expandable" in attributes else ""
    return ""


def parse_html(source: str) -> FormattedText:
    """Text and entities of Bot API HTML.

    Raises:
        ApiError: 400 "can't parse entities: ..." naming the fault and its byte offset.
    """
    return _Parser(source).parse()
