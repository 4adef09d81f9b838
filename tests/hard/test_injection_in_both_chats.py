"""Hostile words in every place people write, through everything both chats show of them."""

import html.parser
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from both_desk import BothDesk, acting, both_chats
from bots.callback_data import encode
from builders.times import at
from fake_slack import TEAM
from playground.slack import blocks as slack_blocks
from scheduling.commands import BookSlot, CancelBooking, DeclineBooking, SendNote
from scheduling.errors import SchedulingError
from scheduling.event_type_change import EventTypeChange
from scheduling.ids import RequestId, new_id
from scheduling.messages import Action
from scheduling.model import EventType, Question
from scheduling.moments import Interval
from scheduling.people import Person, Platform, Recipient
from scheduling.sessions.commands import AskTimes, CallOff, JoinSession, OpenSession

HOSTILE = (
    "<!channel> <!here> <!everyone> @channel @here",
    "<@U0EVIL> <@U0EVIL|ana> <#C0EVIL|x> <!subteam^S0EVIL>",
    "<https://evil.example|Click me> <mailto:e@evil.example|x> https://evil.example/a?b=1&c=2",
    "<!date^1^{date}^https://evil.example|now> &lt;!channel&gt; &amp;lt;",
    "*bold* _it_ ~no~ `code` ```pre``` > quote\n>>> all of it\n# head\n- [x](https://evil.example)",
    "<b>bold</b><a href='https://evil.example'>x</a><tg-emoji emoji-id='1'>x</tg-emoji><br>&nbsp;",
    "</b></a></code> <script>alert(1)</script> &#60;b&#62;",
    "\u202eevil.example\u202c \u2066x\u2069 \u200b\u200d\ufeff\u2060 x\u0000y\u0007\x1b[31m",
    "a\u0300\u0301\u0302" * 30 + "👩‍👩‍👧‍👦🇩🇪" * 20,
    "W" * 5000,
    "{name} {0} %s %(x)s ${x} {{x}} \\u003c!channel\\u003e",
    '"; DROP TABLE people; -- \' OR 1=1 | " \\ \r\n\r\nBEGIN:VEVENT',
)
_FOREIGN = re.compile(
    r"<[^<>]*(evil|![a-z]*(channel|here|everyone|subteam))[^<>]*>|<[@#][UCS]0EVIL", re.IGNORECASE
)
_RINGS = re.compile(r"@(channel|here|everyone)\b", re.IGNORECASE)
_DAY = timedelta(days=1)


class _Tags(html.parser.HTMLParser):
    """Every tag of a text, with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def marked(value: Any) -> Iterator[str]:
    """Yield every text in which Slack reads marks."""
    match value:
        case {"type": "mrkdwn", "text": str(text)}:
            yield text
        case dict():
            for each in value.values():
                yield from marked(each)
        case list():
            for each in value:
                yield from marked(each)


class Hostile:
    """People who are called hostile things and write them wherever they can."""

    def __init__(self, desk: BothDesk, number: int, text: str) -> None:
        self.desk, self.number, self.text = desk, number, text
        self.coach, self.student, self.phone = f"UCOACH{number}", f"USTUD{number}", 7700 + number
        self.group = Recipient(Platform.SLACK, TEAM, f"CROOM{number}")

    async def everything(self) -> None:
        """Let them live through it all."""
        text, services = self.text, self.desk.slotbook.services
        coach = await self.desk.in_slack(self.coach, text)
        student = await self.desk.in_slack(self.student, text)
        mia = await self.desk.in_telegram(self.phone, text)
        kind = await self._offer(coach)
        for person in (coach, student, mia):
            for set_ in (services.people.set_name, services.people.set_about):
                await self._try(set_(acting(person), text[:60]))
        await self._bookings(coach, kind, student, mia)
        await self._sessions(coach, student, mia)
        await self.desk.calm()
        await self._look(kind)
        await self._say()
        await self.desk.calm()

    async def _try(self, doing: Any) -> Any:
        """Do it, unless the core has a reason not to."""
        try:
            return await doing
        except SchedulingError:
            return None

    async def _offer(self, coach: Person) -> EventType:
        kind = await self.desk.offers(coach, "Lesson")
        hosting, actor = self.desk.slotbook.services.hosting, acting(coach)
        for change in (
            EventTypeChange(title=self.text[:60]),
            EventTypeChange(place=self.text[:60]),
            EventTypeChange(description=self.text[:200]),
            EventTypeChange(questions=(Question("q", self.text[:80], required=False),)),
        ):
            kind = await self._try(hosting.change(actor, kind.id, change)) or kind
        return kind

    async def _bookings(self, coach: Person, kind: EventType, student: Person, mia: Person) -> None:
        booking = self.desk.slotbook.services.booking
        start = at("2026-12-01 10:00")
        self.bookings = []
        for number, person in enumerate((student, mia, student, mia)):
            if number == 2:
                change = EventTypeChange(approval=True)
                await self.desk.slotbook.services.hosting.change(acting(coach), kind.id, change)
            made = await booking.book(
                BookSlot(
                    actor=acting(person), event_type_id=kind.id, start=start + number * _DAY,
                    answers=(("q", self.text[:300]),), request_id=_id(),
                )
            )  # fmt: skip
            self.bookings.append(made)
            await self._try(
                booking.note(
                    SendNote(
                        actor=acting(person), booking_id=made.id, text=self.text[:400],
                        request_id=_id(),
                    )
                )
            )  # fmt: skip
        first, second, third, _ = self.bookings
        actor, reason = acting(coach), self.text[:200]
        cancel = CancelBooking(actor=actor, booking_id=first.id, request_id=_id(), reason=reason)
        await self._try(booking.cancel(cancel))
        decline = DeclineBooking(actor=actor, booking_id=third.id, request_id=_id(), reason=reason)
        await self._try(booking.decline(decline))
        self.shown = second

    async def _sessions(self, coach: Person, student: Person, mia: Person) -> None:
        sessions, first = self.desk.slotbook.services.sessions, at("2026-12-10 10:00")
        hour = timedelta(hours=1)
        title = self.text[:80] if self.text[:80].strip() else "x"
        await self._try(
            sessions.ask(
                AskTimes(
                    actor=acting(coach), title=title, duration=hour, group=self.group,
                    members=(student.id, mia.id), request_id=_id(),
                    times=(Interval(first, first + hour), Interval(first + _DAY,
                                                                   first + _DAY + hour)),
                )
            )
        )  # fmt: skip
        opened = await self._try(
            sessions.open(
                OpenSession(
                    actor=acting(coach), title=title, start=first + 5 * hour, duration=hour,
                    group=self.group, seats=3, minimum=2, request_id=_id(),
                )
            )
        )  # fmt: skip
        if opened is not None:
            join = JoinSession(actor=acting(mia), session_id=opened.id, request_id=_id())
            await self._try(sessions.join(join))
            await self.desk.calm()
            off = CallOff(
                actor=acting(coach), session_id=opened.id, reason=self.text[:200], request_id=_id()
            )
            await self._try(sessions.call_off(off))

    async def _look(self, kind: EventType) -> None:
        """Open everything that shows these people and things."""
        desk, mark = self.desk, self.number
        for user in (self.coach, self.student):
            for number, text in enumerate(
                ("my", "agenda", "agenda week", "types", "link", "coaches", "me", "help", "coach",
                 f"coaches {self.text[:50]}", self.text[:50], "availability"),
            ):  # fmt: skip
                await desk.command(text, user=user, channel=f"C{mark}{number}")
            home = {"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}",
                    "tab": "home"}  # fmt: skip
            await desk.event(home, f"Ev{user}")
            for verb in ("show", "cancel", "move", "note", "file"):
                value = encode(Action("x", verb, self.shown.id, self.shown.plan_revision))
                await desk.press({"action_id": f"{value}~0", "value": value}, user=user)
            value = encode(Action("x", "pick", kind.id))
            await desk.press({"action_id": f"{value}~0", "value": value}, user=user)
        for text in ("/my", "/coaches", "/start " + kind.code, "/me", "/help"):
            await desk.update(desk.typed(self.phone, text, self.text[:60] or "x"))
        show = encode(Action("x", "show", self.shown.id))
        await desk.update(desk.pressed(self.phone, show, name=self.text[:60] or "x"))

    async def _say(self) -> None:
        """Write it wherever words can be written."""
        desk, text = self.desk, self.text
        lines = (("/book", text), ("/availability", text), ("/session", f'"{text}" 45m'),
                 ("/session", f"{text} 45m seats 4 thu 16:00"), ("/slotbook", text),
                 ("/slotbook", f"compare {text}"), ("/slotbook", f"open {text}"))  # fmt: skip
        for command, line in lines:
            await desk.command(line[:3000], command=command, user=self.coach)
        said = {"type": "message", "channel_type": "im", "channel": f"D{self.coach[1:]}",
                "user": self.coach, "text": text[:3000], "ts": "1.1"}  # fmt: skip
        await desk.event(said, f"EvSaid{self.number}")
        shortcut = {
            "type": "message_action", "callback_id": "sb.session", "trigger_id": desk.trigger(),
            "team": {"id": TEAM}, "user": {"id": self.coach, "team_id": TEAM},
            "channel": {"id": "C0DESIGN", "name": "design"},
            "message": {"ts": "1.1", "user": self.student, "text": text[:3000]},
        }  # fmt: skip
        await desk.interact(shortcut)
        for line in (text, f"/book {text}", f"/coaches {text}", f"/{text}", f"/start {text}"):
            await desk.update(desk.typed(self.phone, line[:3000], text[:60] or "x"))


def _id() -> RequestId:
    return RequestId(new_id())


def slack_faults(desk: BothDesk) -> list[str]:
    """Return whatever reached Slack that rings, links or would be refused."""
    faults: list[str] = []
    for call in desk.slack.calls:
        given = call.arguments
        texts = list(marked(given))
        if call.method in {"chat.postMessage", "chat.update", "chat.postEphemeral", "response"}:
            texts.append(str(given.get("text", "")))
            faults += [
                f"{call.method} {fault}"
                for fault in slack_blocks.faults_of_message(
                    given.get("blocks") or [], str(given.get("text", ""))
                )
            ]
            if given.get("link_names") or given.get("parse"):
                faults.append(f"{call.method} lets Slack find names by itself")
        if call.method.startswith("views."):
            faults += [
                f"{call.method} {fault}" for fault in slack_blocks.faults_of_view(given["view"])
            ]
        for text in texts:
            if found := _FOREIGN.search(text) or _RINGS.search(text):
                faults.append(f"{call.method} lets through {found[0]!r} in {text[:200]!r}")
        if given.get("unfurl_links") is not False and call.method == "chat.postMessage":
            faults.append("chat.postMessage unfurls")
    return faults


def telegram_faults(desk: BothDesk) -> list[str]:
    """Return whatever reached Telegram that is alive, or no button of ours."""
    faults: list[str] = []
    for method, given in desk.telegram.calls:
        text = given.get("text") or given.get("caption") or ""
        if given.get("parse_mode") == "HTML":
            for tag, attributes in _Tags(text).found:
                if tag not in {"b", "a", "code", "blockquote", "tg-time", "i", "s"}:
                    faults.append(f"{method} {tag} in {text[:200]!r}")
                if "evil" in json.dumps(attributes):
                    faults.append(f"{method} {attributes} in {text[:200]!r}")
        for row in json.loads(given.get("reply_markup", "{}")).get("inline_keyboard", ()):
            faults += [f"{method} {one}" for one in row if "evil" in str(one.get("url", ""))
                       and "t.me/share" not in one["url"]
                       and "calendar.google" not in one["url"]]  # fmt: skip
    return faults


@pytest.mark.slow
async def test_given_hostile_words_when_shown_in_both_chats_then_they_are_only_words(
    sqlite_url: str,
) -> None:
    async with both_chats(sqlite_url) as desk:
        for number, text in enumerate(HOSTILE):
            await Hostile(desk, number, text).everything()

        assert slack_faults(desk) == []
        assert telegram_faults(desk) == []
        assert len(desk.slack.calls) > 30 * len(HOSTILE)
        assert all(desk.telegram.said_to(7700 + each) for each in range(len(HOSTILE)))
