"""The two Markdown parse modes, in the documented subset that bots really send."""

import re
from dataclasses import dataclass, field

from playground.telegram.entities import Entity, FormattedText, utf16_length
from playground.telegram.errors import ApiError, bad_request
from playground.telegram.links import checked_link, mentioned_user

_RESERVED = set("_*[]()~`>#+-=|{}.!")
_MARKS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
_LINK_END = re.compile(r"\]\(((?:\\.|[^)\\])*)\)", re.DOTALL)


@dataclass(slots=True)
class _Markdown:
    source: str
    legacy: bool
    position: int = 0
    offset: int = 0
    out: list[str] = field(default_factory=list)
    open: list[tuple[str, int, int]] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def fail(self, reason: str) -> ApiError:
        return bad_request(f"can't parse entities: {reason}")

    def byte(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))

    def write(self, text: str) -> None:
        self.out.append(text)
        self.offset += utf16_length(text)

    def parse(self) -> FormattedText:
        while self.position < len(self.source):
            self.step()
        if self.open:
            mark, _, begin = self.open[-1]
            kind = _MARKS.get(mark, "TextUrl").capitalize()
            raise self.fail(
                f"Can't find end of {kind} entity at byte offset {self.byte(begin)}"
                if not self.legacy
                else f"Can't find end of the entity starting at byte offset {self.byte(begin)}"
            )
        return FormattedText("".join(self.out), tuple(self.entities))

    def step(self) -> None:
        character = self.source[self.position]
        following = self.source[self.position + 1 : self.position + 2]
        escapable = "_*`[" if self.legacy else None
        if character == "\\" and following and (escapable is None or following in escapable):
            self.write(following)
            self.position += 2
        elif character == "`":
            self.code()
        elif character == "[":
            self.open.append(("[", self.offset, self.position))
            self.position += 1
        elif character == "]" and self.open and self.open[-1][0] == "[":
            self.link()
        elif mark := self.mark():
            self.toggle(mark)
        elif not self.legacy and character in _RESERVED and not self.quote(character):
            raise self.fail(
                f"Character '{character}' is reserved and must be escaped with the preceding '\\'"
            )
        elif character == ">" and not self.legacy:
            self.position += 1
        else:
            self.write(character)
            self.position += 1

    def quote(self, character: str) -> bool:
        """A ">" beginning a line opens a quotation of that line."""
        begins_line = self.position == 0 or self.source[self.position - 1] == "\n"
        if character != ">" or not begins_line:
            return False
        line = self.source[self.position + 1 :].split("\n", 1)[0]
        self.entities.append(
            {"type": "blockquote", "offset": self.offset, "length": utf16_length(line)}
        )
        return True

    def mark(self) -> str | None:
        if self.legacy:
            character = self.source[self.position]
            return character if character in "*_" else None
        for mark in ("__", "||", "*", "_", "~"):
            if self.source.startswith(mark, self.position):
                return mark
        return None

    def toggle(self, mark: str) -> None:
        begin, self.position = self.position, self.position + len(mark)
        if not self.open or self.open[-1][0] != mark:
            self.open.append((mark, self.offset, begin))
            return
        _, offset, _ = self.open.pop()
        self.add(_MARKS[mark], offset)

    def add(self, kind: str, offset: int, **more: object) -> None:
        if self.offset > offset:
            entity = {"type": kind, "offset": offset, "length": self.offset - offset}
            self.entities.append(entity | more)

    def code(self) -> None:
        fence = "```" if self.source.startswith("```", self.position) else "`"
        begin, inside = self.position, self.position + len(fence)
        end = self.source.find(fence, inside)
        if end < 0:
            kind = "PreCode" if fence == "```" else "Code"
            raise self.fail(f"Can't find end of {kind} entity at byte offset {self.byte(begin)}")
        text, offset = re.sub(r"\\(.)", r"\1", self.source[inside:end]), self.offset
        language = re.match(r"([\w+#-]+)\n", text) if fence == "```" else None
        self.write(text[language.end() :] if language else text)
        more = {"language": language.group(1)} if language else {}
        self.add("pre" if fence == "```" else "code", offset, **more)
        self.position = end + len(fence)

    def link(self) -> None:
        _, offset, begin = self.open.pop()
        found = _LINK_END.match(self.source, self.position)
        if not found:
            raise self.fail(f"Can't find end of a URL at byte offset {self.byte(begin)}")
        url = re.sub(r"\\(.)", r"\1", found.group(1))
        if user := mentioned_user(url):
            self.add("text_mention", offset, user={"id": user})
        elif address := checked_link(url):
            self.add("text_link", offset, url=address)
        self.position = found.end()


def parse_markdown(source: str, *, legacy: bool) -> FormattedText:
    """Text and entities of MarkdownV2, or of the older Markdown.

    Raises:
        ApiError: 400 "can't parse entities: ..." for unclosed marks and unescaped characters.
    """
    return _Markdown(source, legacy).parse()
