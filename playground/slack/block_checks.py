"""Checks that blocks and their elements share: texts, ids, options, confirmation dialogs.

A fault reads as Slack writes it: what is wrong, then where, as a JSON pointer.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any

from playground.slack import limits

Json = dict[str, Any]


class Faults:
    """What was found wrong so far."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, what: str, where: str) -> None:
        self.found.append(f"{what} [json-pointer:{where}]")

    def unknown_fields(self, value: Json, known: Collection[str], where: str) -> None:
        for name in value:
            if name not in known:
                self.add(f"invalid additional property: {name}", where)

    def text(
        self,
        value: Any,
        where: str,
        most: int,
        *,
        plain: bool = True,
        required: bool = True,
    ) -> None:
        """A text object of 1 to ``most`` characters; ``plain`` allows no mrkdwn."""
        if value is None:
            if required:
                parent, _, name = where.rpartition("/")
                self.add(f"missing required field: {name}", parent)
            return
        if not isinstance(value, dict):
            self.add("must provide an object", where)
            return
        kinds = {"plain_text"} if plain else {"plain_text", "mrkdwn"}
        if value.get("type") not in kinds:
            self.add(f"unsupported type: {value.get('type')}", f"{where}/type")
        known = {"type", "text", "emoji"} if value.get("type") == "plain_text" else {
            "type", "text", "verbatim",
        }  # fmt: skip
        self.unknown_fields(value, known, where)
        self.string(value, "text", where, most, least=1, required=True)

    def string(
        self,
        value: Json,
        name: str,
        where: str,
        most: int,
        *,
        least: int = 0,
        required: bool = False,
    ) -> None:
        """A field of ``least`` to ``most`` characters."""
        found = value.get(name)
        if found is None:
            if required:
                self.add(f"missing required field: {name}", where)
            return
        if not isinstance(found, str):
            self.add("must provide a string", f"{where}/{name}")
        elif len(found) < least:
            self.add(f"must be more than {least - 1} characters", f"{where}/{name}")
        elif len(found) > most:
            self.add(f"must be less than {most + 1} characters", f"{where}/{name}")

    def flag(self, value: Json, name: str, where: str) -> None:
        if name in value and not isinstance(value[name], bool):
            self.add("must provide a boolean", f"{where}/{name}")

    def number(self, value: Json, name: str, where: str, least: int, most: int) -> None:
        found = value.get(name)
        if found is None:
            return
        if not isinstance(found, int) or isinstance(found, bool):
            self.add("must provide an integer", f"{where}/{name}")
        elif not least <= found <= most:
            self.add(f"must be between {least} and {most}", f"{where}/{name}")

    def items(self, value: Json, name: str, where: str, most: int, *, least: int = 1) -> list[Any]:
        """A required list of ``least`` to ``most`` things; returns it, empty when unusable."""
        found = value.get(name)
        if found is None:
            self.add(f"missing required field: {name}", where)
            return []
        if not isinstance(found, list):
            self.add("must provide an array", f"{where}/{name}")
            return []
        if len(found) < least:
            self.add(f"no less than {least} items allowed", f"{where}/{name}")
        if len(found) > most:
            self.add(f"no more than {most} items allowed", f"{where}/{name}")
        return found

    def confirm(self, value: Any, where: str) -> None:
        """A confirmation dialog, where there is one."""
        if value is None:
            return
        if not isinstance(value, dict):
            self.add("must provide an object", where)
            return
        self.unknown_fields(value, {"title", "text", "confirm", "deny", "style"}, where)
        self.text(value.get("title"), f"{where}/title", limits.CONFIRM_TITLE)
        self.text(value.get("text"), f"{where}/text", limits.CONFIRM_TEXT, plain=False)
        for name in ("confirm", "deny"):
            self.text(value.get(name), f"{where}/{name}", limits.CONFIRM_BUTTON, required=False)
        if value.get("style") not in (None, "primary", "danger"):
            self.add("must be a valid enum value", f"{where}/style")

    def option(self, value: Any, where: str, *, rich: bool = False, link: bool = False) -> str:
        """One option; returns its value. ``rich`` allows mrkdwn, ``link`` a url."""
        if not isinstance(value, dict):
            self.add("must provide an object", where)
            return ""
        known = {"text", "value", "description"} | ({"url"} if link else set())
        self.unknown_fields(value, known, where)
        self.text(value.get("text"), f"{where}/text", limits.OPTION_TEXT, plain=not rich)
        self.string(value, "value", where, limits.OPTION_VALUE, least=1, required=True)
        self.text(
            value.get("description"), f"{where}/description", limits.OPTION_TEXT,
            plain=not rich, required=False,
        )  # fmt: skip
        if link:
            self.string(value, "url", where, limits.URL)
        return str(value.get("value"))

    def options(
        self, values: Sequence[Any], where: str, *, rich: bool = False, link: bool = False
    ) -> None:
        """Options, no two with one value."""
        seen: set[str] = set()
        for number, option in enumerate(values):
            value = self.option(option, f"{where}/{number}", rich=rich, link=link)
            if value in seen:
                self.add(f"duplicate option value: {value}", f"{where}/{number}/value")
            seen.add(value)

    def option_groups(self, values: Sequence[Any], where: str) -> None:
        for number, group in enumerate(values):
            place = f"{where}/{number}"
            if not isinstance(group, dict):
                self.add("must provide an object", place)
                continue
            self.unknown_fields(group, {"label", "options"}, place)
            self.text(group.get("label"), f"{place}/label", limits.OPTION_TEXT)
            inner = self.items(group, "options", place, limits.OPTIONS)
            self.options(inner, f"{place}/options")


def byte_size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())
