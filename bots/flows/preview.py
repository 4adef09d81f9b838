"""A coach looks at their own picker as a student would; nothing in it books."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Self

from bots.chat import Turn
from bots.flows.hosting_parts import HostingParts, own_type
from bots.flows.spans import within_reach
from bots.flows.turns import press_of, reader_of
from bots.router import Router
from scheduling.messages import Action, ButtonStyle
from scheduling.model import EventType
from scheduling.moments import Interval
from scheduling.ports import Draft
from scheduling.slots import Slot
from wording import hosting as hosting_words
from wording import picker as words
from wording.picker import Days, Offer, Times
from wording.times import Reader
from wording.zones import Target

FLOW = "preview"

_WEEKS = 4
_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


class _LookingOnly(Target):
    """Turns every button of the picker into one of ours, which says what it was."""

    def button(
        self,
        label: str,
        verb: str,
        argument: str = "",
        *,
        style: ButtonStyle = ButtonStyle.NORMAL,
    ) -> Action:
        return Action(label, "preview", self.id, self.revision, f"{verb}.{argument}"[:20], style)


@dataclass(frozen=True, slots=True)
class Looking:
    """Where the coach stands in the picker."""

    event_type_id: str
    page: str = ""
    day: str = ""
    """ISO dates; a day shows its times."""
    part: str = ""

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """Read it back."""
        return cls(**{key: str(draft.data.get(key, "")) for key in cls.__slots__})

    def after(self, verb: str, argument: str) -> "Looking":
        """Return where a button of the picker leads."""
        match verb:
            case "day":
                return Looking(self.event_type_id, self.page, argument)
            case "month":
                return Looking(self.event_type_id, argument)
            case "part":
                return Looking(self.event_type_id, self.page, self.day, argument)
            case _:
                return self


class PreviewFlow:
    """Draws the student's cards from the same words and the same free times."""

    def __init__(self, parts: HostingParts) -> None:
        self._parts = parts

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.press("preview", self.on_press)

    async def on_press(self, turn: Turn) -> None:
        """Open the picker, or go where one of its buttons leads."""
        press, reader = press_of(turn), reader_of(turn, self._parts.clock)
        if not press.argument:
            await self._open(turn, press.subject)
            return
        draft = await self._parts.desk.pressed(turn, FLOW)
        if draft is None:
            return
        verb, _, argument = press.argument.partition(".")
        if verb in ("time", "same", "coaches"):
            await turn.toast(reader.say("hosting.preview_only"))
        elif verb in ("day", "month", "part") and press.revision == draft.revision:
            looking = Looking.of(draft).after(verb, argument)
            draft = await self._parts.desk.save(draft, asdict(looking))
            await self._show(turn, draft, looking)

    async def _open(self, turn: Turn, event_type_id: str) -> None:
        if kind := await own_type(turn, self._parts, event_type_id):
            looking = Looking(kind.id)
            draft = await self._parts.desk.open(turn, FLOW, asdict(looking))
            await self._show(turn, draft, looking)

    async def _show(self, turn: Turn, draft: Draft, looking: Looking) -> None:
        kind = await own_type(turn, self._parts, looking.event_type_id)
        if kind is None:
            return
        reader, host = reader_of(turn, self._parts.clock), turn.incoming.person
        offer = Offer((kind,), {host.id: host})
        target = _LookingOnly(draft.id, draft.revision)
        day = _date(looking.day, reader)
        if day is None:
            message = words.days(reader, target, offer, await self._days(reader, kind, looking))
        else:
            shown = await self._times(reader, kind, day, looking.part)
            message = words.times(reader, target, offer, shown)
        await self._parts.desk.show(turn, draft, hosting_words.as_student(reader, kind, message))

    async def _days(self, reader: Reader, kind: EventType, looking: Looking) -> Days:
        first = await self._next_free(reader, kind, reader.today)
        if first is None:
            return Days(reader.today, 0, frozenset(), None, None, None)
        begin = _week_of(reader, reader.local(first.start).date())
        asked = _date(looking.page, reader)
        page = max(begin, _week_of(reader, asked)) if asked else begin
        end = page + timedelta(weeks=_WEEKS)
        slots = await self._free(reader, kind, page, end)
        live = frozenset(reader.local(slot.start).date() for slot in slots)
        later = await self._next_free(reader, kind, end)
        last = max(live, default=page)
        return Days(
            first=page,
            weeks=(last - page).days // 7 + 1,
            live=live,
            first_free=first,
            earlier=max(begin, page - timedelta(weeks=_WEEKS)) if page > begin else None,
            later=_week_of(reader, reader.local(later.start).date()) if later else None,
        )

    async def _times(self, reader: Reader, kind: EventType, day: date, part: str) -> Times:
        slots = await self._free(reader, kind, day, day + _DAY)
        then = await self._next_free(reader, kind, day + _DAY)
        following = reader.local(then.start).date() if then else None
        return Times(day, tuple(slots), part, following)

    async def _free(self, reader: Reader, kind: EventType, first: date, end: date) -> list[Slot]:
        span = Interval(_midnight(reader, first), _midnight(reader, end))
        return await self._parts.finder.free(kind.organization_id, [kind.id], span)

    async def _next_free(self, reader: Reader, kind: EventType, day: date) -> Slot | None:
        after = _midnight(reader, day) - _INSTANT
        return await self._parts.finder.first_free(kind.organization_id, [kind.id], after=after)


def _midnight(reader: Reader, day: date) -> datetime:
    return reader.at(datetime(day.year, day.month, day.day))  # noqa: DTZ001


def _week_of(reader: Reader, day: date) -> date:
    return day - timedelta(days=(day.weekday() - reader.first_weekday) % 7)


def _date(text: str, reader: Reader) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if within_reach(day, reader.today) else None
