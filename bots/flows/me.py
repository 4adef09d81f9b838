"""What a person tells of themselves: shown, and changed one question at a time."""

from collections.abc import Awaitable, Callable, Mapping

from bots.chat import SharedContactOfOther, SharedPhone, Turn, Typed
from bots.flows.hosting_parts import HostingParts, target_of
from bots.flows.turns import plain, press_of, reader_of, with_person
from bots.flows.type_parts import (
    REMINDER_PRESETS,
    NotRead,
    read_reminders,
    reminder_label,
)
from bots.router import Router
from scheduling.errors import InputRefused
from scheduling.grammar.hours_line import HoursNotUnderstood, parse_hours_line
from scheduling.people import Person, QuietHours
from scheduling.ports import Draft
from wording import people as words
from wording.refusals import sentence
from wording.times import Reader

FLOW = "me"
AWAITS = "me.part"
_CONTACT = "me.contact"

_ASKED = ("name", "phone", "email", "quiet", "reminders")
_DAY = 1440


class MeFlow:
    """One card for everything we know of a person."""

    def __init__(self, parts: HostingParts) -> None:
        self._parts = parts
        self._desk = parts.desk
        self._read: Mapping[str, Callable[[Turn, str], Awaitable[Person]]] = {
            "name": self._set_name,
            "email": self._set_email,
            "quiet": self._set_quiet,
            "reminders": self._set_reminders,
        }

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.command("me", self.on_me)
        router.press("me", self.on_me)
        router.press("meset", self.on_press)
        router.text(AWAITS, self.on_typed)
        router.text(_CONTACT, self.on_contact)
        self._parts.zones.continue_with("me", self._with_zone)

    async def on_me(self, turn: Turn) -> None:
        """Show the card."""
        await self._desk.hush(turn)
        await turn.show(words.me_card(self._reader(turn), turn.incoming.person))

    async def _with_zone(self, turn: Turn, _: str) -> None:
        await self.on_me(turn)

    async def on_press(self, turn: Turn) -> None:
        """Ask for a part, or take a ready-made answer."""
        press, reader = press_of(turn), self._reader(turn)
        if press.subject:
            await self._choose(turn)
        elif press.argument == "zone":
            await self._parts.zones.ask(turn, then="me")
        elif press.argument == "language":
            await turn.toast(reader.say("me.only_english"))
        elif press.argument in _ASKED:
            data = {"field": press.argument}
            draft = await self._desk.open(turn, FLOW, data, awaits=AWAITS)
            await self._ask(turn, draft)
        else:
            await self.on_me(turn)

    async def _choose(self, turn: Turn) -> None:
        draft = await self._desk.pressed(turn, FLOW)
        if draft is None:
            return
        press = press_of(turn)
        if press.argument == "back" or press.revision != draft.revision:
            await self._done(turn, draft, turn.incoming.person, "")
        elif press.argument == "share":
            await self._desk.save(draft, draft.data, awaits=_CONTACT)
            await turn.say(words.ask_contact(self._reader(turn)))
        elif draft.data.get("field") == "phone":
            person = await self._parts.people.set_phone(turn.incoming.actor, None)
            await self._done(turn, draft, person, self._reader(turn).say("me.saved"))
        else:
            await self._take(turn, draft, press.argument)

    # --- answers ---

    async def on_typed(self, turn: Turn, draft: Draft) -> None:
        """Take a typed answer."""
        said = turn.incoming.said
        if isinstance(said, SharedPhone | SharedContactOfOther):
            await self.on_contact(turn, draft)
        elif draft.data.get("field") == "phone":
            await self._ask(turn, draft, self._reader(turn).say("me.phone_tap"))
        elif isinstance(said, Typed):
            await self._take(turn, draft, said.text)
        else:
            await self._ask(turn, draft)

    async def _take(self, turn: Turn, draft: Draft, text: str) -> None:
        reader = self._reader(turn)
        try:
            person = await self._read[str(draft.data["field"])](turn, text)
        except NotRead as unread:
            await self._ask(turn, draft, unread.sentence)
        except InputRefused as refused:
            await self._ask(turn, draft, sentence(refused, reader))
        else:
            await self._done(turn, draft, person, reader.say("me.saved"))

    async def _set_name(self, turn: Turn, text: str) -> Person:
        return await self._parts.people.set_name(turn.incoming.actor, text)

    async def _set_email(self, turn: Turn, text: str) -> Person:
        address = None if text == "none" else text
        return await self._parts.people.set_email(turn.incoming.actor, address)

    async def _set_reminders(self, turn: Turn, text: str) -> Person:
        leads = read_reminders(self._reader(turn), text)
        return await self._parts.people.set_reminders(turn.incoming.actor, leads)

    async def _set_quiet(self, turn: Turn, text: str) -> Person:
        quiet = None if text == "none" else self._quiet(turn, text)
        return await self._parts.people.set_quiet(turn.incoming.actor, quiet)

    def _quiet(self, turn: Turn, text: str) -> QuietHours:
        """Read "22-8", as typed or on a button."""
        reader = self._reader(turn)
        try:
            line = parse_hours_line(f"mon {text}", today=reader.today)
            (hours,) = line.weekly[0]
        except (HoursNotUnderstood, KeyError, ValueError):
            shown = " ".join(text.split())[:40]
            raise NotRead(reader.say("me.quiet_not_understood", text=shown)) from None
        return QuietHours(hours.start, hours.end % _DAY)

    async def on_contact(self, turn: Turn, draft: Draft) -> None:
        """Take the sender's own number; nobody else's, and none that was only typed."""
        reader = self._reader(turn)
        match turn.incoming.said:
            case SharedPhone(number=number):
                person = await self._parts.people.set_phone(turn.incoming.actor, number)
                await self._desk.save(draft, draft.data)
                await turn.say(words.contact_done(reader, "me.phone_saved"))
                await turn.say(words.me_card(self._reader(with_person(turn, person)), person))
            case SharedContactOfOther():
                await turn.say(plain(reader.say("me.phone_of_other")))
            case Typed():
                await self._desk.save(draft, draft.data)
                await turn.say(words.contact_done(reader, "me.phone_left"))
                await turn.say(words.me_card(reader, turn.incoming.person))
            case _:
                await turn.say(plain(reader.say("me.phone_typed")))

    # --- showing ---

    async def _ask(self, turn: Turn, draft: Draft, problem: str = "") -> None:
        reader, field = self._reader(turn), str(draft.data["field"])
        choices = self._choices(reader, turn.incoming.person, field)
        message = words.ask_field(reader, field, choices, target_of(draft), problem=problem)
        await self._desk.show(turn, draft, message)

    @staticmethod
    def _choices(reader: Reader, person: Person, field: str) -> list[tuple[str, str]]:
        remove = (reader.say("me.remove"), "none")
        match field:
            case "phone":
                share = (reader.say("me.share_phone"), "share")
                return [share, remove] if person.phone else [share]
            case "email":
                return [remove] if person.email else []
            case "quiet":
                ready = [
                    (words.quiet_text(reader, QuietHours(start, end)), _line_of(start, end))
                    for start, end in words.QUIET_CHOICES
                ]
                return [*ready, (reader.say("me.choice_none"), "none")]
            case "reminders":
                return [
                    (reminder_label(reader, value, "me.choice_usual"), value)
                    for value in REMINDER_PRESETS
                ]
            case _:
                return []

    async def _done(self, turn: Turn, draft: Draft, person: Person, note: str) -> None:
        draft = await self._desk.save(draft, draft.data)
        reader = self._reader(with_person(turn, person))
        await self._desk.show(turn, draft, words.me_card(reader, person, note=note))

    def _reader(self, turn: Turn) -> Reader:
        return reader_of(turn, self._parts.clock)


def _line_of(start: int, end: int) -> str:
    """Return full hours, given in minutes of the day, as they would be typed: "22-8"."""
    return f"{start // 60}-{end // 60}"
