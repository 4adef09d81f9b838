"""A person in Slack before the real surfaces: opens windows, fills them in, sends them."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, text

from bots.callback_data import decode, encode
from bots.chat import Command, Incoming, Press, Said, Unreadable
from bots.flows.desk import Desk
from bots.flows.hosting import HostingParts
from bots.flows.parts import BookingParts
from bots.flows.zones import ZoneQuestion
from bots.live.watch import Watch
from bots.slack.modals.message import ViewMessage
from bots.slack.modals.parts import SurfaceParts
from bots.slack.surface import Answer, Clear, Close, Errors, SlackSurfaces, Surface, Update, View
from builders.people import acting
from doubles import RecordingMessenger
from phones import PhoneTurn, Screen
from reminders.ics import IcsFiles
from scheduling.commands import ApproveBooking, BookSlot
from scheduling.grammar.hours_line import parse_hours_line
from scheduling.ids import DEFAULT_ORGANIZATION, RequestId, new_id
from scheduling.messages import Action
from scheduling.model import BookingDetails, EventType
from scheduling.people import AccountKey, Card, ChatAccount, Person, Platform, Recipient, Role
from scheduling.people_service import AccountFacts
from scheduling.ports import LiveCard
from scheduling.sessions.service import SessionService
from slack_rules import every_fault
from town import Town

TEAM = "T1"
Json = dict[str, Any]


class NobodyWatches:
    """Takes note of no card."""

    def __init__(self) -> None:
        self.kept: dict[Card, LiveCard] = {}

    async def watch(self, live: LiveCard, now: object) -> None:
        self.kept[live.card] = live

    async def forget(self, card: Card) -> None:
        self.kept.pop(card, None)


@dataclass
class Window:
    """One open modal as its person sees it."""

    id: str
    view: Json
    filled: dict[tuple[str, str], Json] = field(default_factory=dict)
    hash: int = 0
    faults: dict[str, str] = field(default_factory=dict)

    def show(self, view: Json) -> None:
        """Draw it anew; what was filled in stays where block and action stay."""
        assert every_fault(view) == []
        self.view, self.faults = view, {}
        self.hash += 1
        known = {(b["block_id"], e["action_id"]) for b, e in self.elements()}
        self.filled = {key: value for key, value in self.filled.items() if key in known}

    def elements(self) -> Iterator[tuple[Json, Json]]:
        """Return what can be filled in, each with its block."""
        for block in self.view["blocks"]:
            if block["type"] == "input":
                yield block, block["element"]

    def field(self, action_id: str) -> tuple[Json, Json]:
        """Return one of them."""
        for block, element in self.elements():
            if element["action_id"] == action_id:
                return block, element
        raise AssertionError(f"no field {action_id}; there are {self.fields}")

    @property
    def fields(self) -> list[str]:
        return [element["action_id"] for _, element in self.elements()]

    @property
    def state(self) -> Json:
        """Return what Slack sends of it."""
        values: Json = {}
        for block, element in self.elements():
            key = (block["block_id"], element["action_id"])
            now = self.filled.get(key, _initial(element))
            values.setdefault(key[0], {})[key[1]] = {"type": element["type"], **now}
        return values

    def options(self, action_id: str) -> dict[str, str]:
        """Return the labels of a list with their values."""
        element = self.field(action_id)[1]
        groups = element.get("option_groups", [{"options": element.get("options", [])}])
        every = [option for group in groups for option in group["options"]]
        return {option["text"]["text"]: option["value"] for option in every}

    def chosen(self, action_id: str) -> str:
        """Return the label that is chosen."""
        block, _ = self.field(action_id)
        option = self.state[block["block_id"]][action_id].get("selected_option")
        return option["text"]["text"] if option else ""

    @property
    def text(self) -> str:
        """Return every word in it."""
        return "\n".join(_words(self.view))

    @property
    def buttons(self) -> dict[str, Json]:
        """Return its buttons by label."""
        return {e["text"]["text"]: e for e in _all(self.view) if e.get("type") == "button"}


def _initial(element: Json) -> Json:
    return {
        new: element[old]
        for old, new in (
            ("initial_option", "selected_option"),
            ("initial_options", "selected_options"),
            ("initial_value", "value"),
            ("initial_users", "selected_users"),
            ("initial_conversation", "selected_conversation"),
        )
        if old in element
    }


def _all(value: object) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _all(each)
    elif isinstance(value, list):
        for each in value:
            yield from _all(each)


def _words(view: Json) -> list[str]:
    return [each["text"] for each in _all(view) if each.get("type") in {"plain_text", "mrkdwn"}]


class DeskSurface:
    """One interaction of a person with slotbook in Slack."""

    def __init__(
        self,
        person: "SlackPerson",
        incoming: Incoming,
        *,
        window: Window | None = None,
        action: Json | None = None,
        payload: Json | None = None,
        trigger: bool = True,
        is_home: bool = False,
    ) -> None:
        self._person, self._incoming = person, incoming
        self._window, self._action = window, action or {}
        self._payload, self._trigger, self._is_home = payload or {}, trigger, is_home

    @property
    def incoming(self) -> Incoming:
        return self._incoming

    @property
    def turn(self) -> PhoneTurn:
        return PhoneTurn(self._incoming, self._person.screen)

    @property
    def team_id(self) -> str:
        return TEAM

    @property
    def user_id(self) -> str:
        return self._person.user_id

    @property
    def channel_id(self) -> str | None:
        group = self._incoming.group
        return group.chat_id.partition("#")[0] if group else None

    @property
    def trigger_id(self) -> str | None:
        return "trigger" if self._trigger else None

    @property
    def view(self) -> View | None:
        if self._is_home:
            return View(id="V0", is_home=True)
        window = self._window
        if window is None:
            return None
        return View(
            id=window.id,
            callback_id=window.view["callback_id"],
            hash=str(window.hash),
            private_metadata=window.view["private_metadata"],
            values=window.state,
        )

    @property
    def action(self) -> Mapping[str, Any]:
        return self._action

    @property
    def payload(self) -> Mapping[str, Any]:
        return self._payload

    async def open(self, view: Mapping[str, Any]) -> str:
        if not self._trigger:
            return ""
        return self._person.open_window(dict(view))

    async def push(self, view: Mapping[str, Any]) -> str:
        return self._person.open_window(dict(view))

    async def update(
        self,
        view: Mapping[str, Any],
        *,
        view_id: str | None = None,
        hash: str | None = None,  # noqa: A002
    ) -> None:
        number = view_id or (self._window.id if self._window else "")
        window = self._person.windows.get(number)
        if window is not None:
            window.show(dict(view))

    async def say_with(self, text: str, elements: Sequence[Mapping[str, Any]]) -> None:
        await self.turn.toast(text)

    async def publish_home(self, view: Mapping[str, Any]) -> None:
        assert every_fault(dict(view)) == []
        self._person.home = dict(view)


class SlackPerson:
    """Somebody in Slack."""

    def __init__(self, office: "SlackOffice", user_id: str, name: str, person: Person) -> None:
        self._office, self.user_id, self._name, self.person = office, user_id, name, person
        self.screen = Screen()
        self.windows: dict[str, Window] = {}
        self.home: Json = {}
        self.chat = Recipient(Platform.SLACK, TEAM, f"D{user_id}")
        self.group: Recipient | None = None
        self._numbers = count(1)
        self.said_nothing = Unreadable()

    # --- doing ---

    async def types(self, verb: str, text: str = "") -> None:
        """Type a command that Slack has a window for."""
        handler = self._office.surfaces.find_command(verb, text)
        assert handler is not None, f"/{verb} {text} is the router's"
        await handler(await self.surface(Command(verb, text)))

    async def shortcut(self, callback_id: str, payload: Json | None = None) -> None:
        """Use a shortcut."""
        handler = self._office.surfaces.find_shortcut(callback_id)
        assert handler is not None
        await handler(await self.surface(Unreadable(), payload=payload))

    async def press(self, action: Action, card: Card | None = None, **more: Any) -> None:
        """Press a neutral button, on a card or on App Home."""
        press = decode(encode(action))
        assert press is not None
        surface = await self.surface(press, card=card, **more)
        handler = self._office.surfaces.find_press(press.verb)
        if handler is not None:
            await handler(surface)
            return
        flow = self._office.router.find_press(press.verb)
        assert flow is not None, f"nobody answers {press.verb}"
        await flow(surface.turn)

    async def choose(self, action_id: str, label: str) -> Window:
        """Choose an option by what it says (or begins with)."""
        window = self.window
        values = window.options(action_id)
        found = [(name, value) for name, value in values.items() if name.startswith(label)]
        assert found, f"no {label!r} among {list(values)}"
        name, value = found[0]
        option = {"text": {"type": "plain_text", "text": name}, "value": value}
        return await self._fill(action_id, {"selected_option": option})

    async def search(self, action_id: str, text: str) -> list[str]:
        """Type into a list with typeahead; returns what is offered."""
        handler = self._office.surfaces.find_options(action_id)
        assert handler is not None
        surface = await self.surface(Unreadable(), window=self.window)
        return [label for label, _ in await handler(surface, text)]

    async def find(self, action_id: str, label: str) -> Window:
        """Choose in a list with typeahead."""
        handler = self._office.surfaces.find_options(action_id)
        assert handler is not None
        surface = await self.surface(Unreadable(), window=self.window)
        offered = dict([*await handler(surface, ""), *await handler(surface, label)])
        option = {"text": {"type": "plain_text", "text": label}, "value": offered[label]}
        return await self._fill(action_id, {"selected_option": option})

    async def writes(self, action_id: str, text: str) -> Window:
        """Type into a field."""
        return await self._fill(action_id, {"value": text})

    async def ticks(self, action_id: str, *labels: str) -> Window:
        """Tick exactly these."""
        values = self.window.options(action_id)
        several = [
            {"text": {"type": "plain_text", "text": name}, "value": values[name]} for name in labels
        ]
        return await self._fill(action_id, {"selected_options": several})

    async def picks(self, action_id: str, *users: str) -> Window:
        """Choose people."""
        return await self._fill(action_id, {"selected_users": list(users)})

    async def picks_channel(self, action_id: str, channel: str) -> Window:
        """Choose a channel."""
        return await self._fill(action_id, {"selected_conversation": channel})

    async def _fill(self, action_id: str, value: Json, *, tell: bool = True) -> Window:
        window = self.window
        block, element = window.field(action_id)
        window.filled[block["block_id"], action_id] = value
        follows = block.get("dispatch_action", False)
        if element["type"] == "plain_text_input":
            config = element.get("dispatch_action_config", {})
            follows = follows and "on_character_entered" in config.get("trigger_actions_on", [])
        if follows and tell:
            action = {"action_id": action_id, "block_id": block["block_id"], **value}
            await self._act(action_id, action)
        return window

    def quietly(self, action_id: str, label: str) -> None:
        """Choose an option, of which slotbook hears no earlier than the window is sent."""
        window = self.window
        block, _ = window.field(action_id)
        name, value = next(o for o in window.options(action_id).items() if o[0].startswith(label))
        option = {"text": {"type": "plain_text", "text": name}, "value": value}
        window.filled[block["block_id"], action_id] = {"selected_option": option}

    async def push(self, label: str) -> None:
        """Press a button inside the window."""
        button = self.window.buttons[label]
        await self._act(button["action_id"], {**button, "value": button.get("value", "")})

    async def _act(self, action_id: str, action: Json) -> None:
        surfaces = self._office.surfaces
        press = decode(str(action.get("value", ""))) if not action_id.startswith("sb.") else None
        said: Said = press or Unreadable()
        surface = await self.surface(said, window=self.window, action=action)
        handler: Callable[[Surface], Awaitable[None]] | None
        if isinstance(press, Press):
            handler = surfaces.find_press(press.verb)
            if handler is None:
                flow = self._office.router.find_press(press.verb)
                assert flow is not None
                await flow(surface.turn)
                return
        else:
            handler = surfaces.find_action(action_id)
        assert handler is not None, f"nobody answers {action_id}"
        await handler(surface)

    async def send(self, *, times: int = 1, checked: bool = True) -> Answer:
        """Send the window; Slack may deliver that more than once.

        Slack asks for what is not optional; a client of somebody's own does not (``checked``).
        """
        window = self.window
        handler = self._office.surfaces.find_submission(window.view["callback_id"])
        assert handler is not None
        surface = await self.surface(Unreadable(), window=window)
        view = surface.view
        assert view is not None
        for block, element in window.elements():
            filled = view.state(block["block_id"], element["action_id"])
            given = [value for key, value in filled.items() if key != "type" and value]
            assert given or block["optional"] or not checked, (
                f"Slack asks for {element['action_id']} first"
            )
        answer = await handler(surface)
        for _ in range(times - 1):
            answer = await handler(surface)
        match answer:
            case Close() | Clear():
                del self.windows[window.id]
            case Update(view=new):
                window.show(dict(new))
            case Errors(by_block=faults):
                blocks = {block["block_id"] for block, _ in window.elements()}
                assert set(faults) <= blocks, "a fault stands under a field"
                window.faults = dict(faults)
            case _:
                raise AssertionError(answer)
        return answer

    async def close(self) -> None:
        """Close the window half-way."""
        window = self.window
        if window.view.get("notify_on_close"):
            handler = self._office.surfaces.find_closed(window.view["callback_id"])
            assert handler is not None
            await handler(await self.surface(Unreadable(), window=window))
        del self.windows[window.id]

    async def opens_home(self) -> Json:
        """Look at App Home."""
        handler = self._office.surfaces.find_home()
        assert handler is not None
        await handler(await self.surface(Unreadable(), is_home=True))
        return self.home

    # --- underneath ---

    def open_window(self, view: Json) -> str:
        window = Window(f"V{self.user_id}{next(self._numbers)}", {})
        window.show(view)
        self.windows[window.id] = window
        return window.id

    @property
    def window(self) -> Window:
        """Return the window on top."""
        assert self.windows, "no window is open"
        return list(self.windows.values())[-1]

    @property
    def home_text(self) -> str:
        return "\n".join(_words(self.home))

    def home_buttons(self) -> dict[str, Json]:
        """Return the buttons and menu entries of App Home by label."""
        found: dict[str, Json] = {}
        for each in _all(self.home):
            if each.get("type") == "button":
                found.setdefault(each["text"]["text"], each)
            for option in each.get("options", []):
                found.setdefault(option["text"]["text"], option)
        return found

    async def home_press(self, label: str) -> None:
        """Press a button of App Home, or an entry of its menus."""
        button = self.home_buttons()[label]
        press = decode(str(button.get("value", "")))
        action_id = str(button.get("action_id", ""))
        surface = await self.surface(press or Unreadable(), action=button, is_home=True)
        if press is None or action_id.startswith("sb."):
            handler = self._office.surfaces.find_action(action_id)
        else:
            handler = self._office.surfaces.find_press(press.verb)
        if handler is not None:
            await handler(surface)
            return
        assert press is not None
        flow = self._office.router.find_press(press.verb)
        assert flow is not None, f"nobody answers {label}"
        await flow(surface.turn)

    async def surface(
        self,
        said: Said,
        *,
        card: Card | None = None,
        window: Window | None = None,
        action: Json | None = None,
        payload: Json | None = None,
        trigger: bool = True,
        is_home: bool = False,
        request_id: str = "",
    ) -> DeskSurface:
        """Return an interaction of this person."""
        account, self.person = await self._office.meet(self.user_id, self._name)
        chat = self.chat
        if self.group is not None:
            chat = Recipient(Platform.SLACK, TEAM, f"{self.group.chat_id}/{self.user_id}")
        incoming = Incoming(
            organization_id=DEFAULT_ORGANIZATION,
            account=account,
            person=self.person,
            chat=chat,
            private=True,
            said=said,
            request_id=RequestId(request_id or new_id()),
            card=card,
            received_at=self._office.clock.now(),
            group=self.group,
        )
        return DeskSurface(
            self,
            incoming,
            window=window,
            action=action,
            payload=payload,
            trigger=trigger,
            is_home=is_home,
        )


class SlackOffice(Town):
    """Everybody's flows, and Slack's windows over the same services."""

    def slack(self, register: Callable[[SlackSurfaces, SurfaceParts], None]) -> None:
        """Bring Slack's surfaces in."""
        queries = self.database.queries
        desk = Desk(self.database.drafts, queries, self.clock)
        zones = ZoneQuestion(desk, self.people, self.clock, None)
        self.cards = NobodyWatches()
        self.messenger = RecordingMessenger(Platform.SLACK)
        self.sessions = SessionService(
            self.database.store,
            queries,
            self.database.sessions,
            self.finder,
            self.clock,
            self.policy,
            _nobody,
        )
        self.posts_in: dict[str, bool] = {}
        booking = BookingParts(
            booking=self.booking,
            finder=self.finder,
            queries=queries,
            desk=desk,
            zones=zones,
            clock=self.clock,
            policy=self.policy,
            links=self.links,
            files=IcsFiles(self.policy.reminders),
            sent_files=self.database.sent_files,
        )
        hosting = HostingParts(
            hosting=self.hosting,
            hours=self.hours,
            booking=self.booking,
            people=self.people,
            finder=self.finder,
            queries=queries,
            desk=desk,
            zones=zones,
            clock=self.clock,
            links=self.links,
            policy=self.policy,
        )
        self.parts = SurfaceParts(
            booking=booking,
            hosting=hosting,
            sessions=self.sessions,
            session_reads=self.database.sessions,
            drafts=self.database.drafts,
            watch=Watch(self.cards, self.clock),  # type: ignore[arg-type]
            router=self.router,
            messenger=self.messenger,
            resolve=self._resolve,
            posts_in=self._posts_in,
        )
        self.surfaces = SlackSurfaces()
        register(self.surfaces, self.parts)

    async def meet(self, user_id: str, name: str) -> tuple[ChatAccount, Person]:
        """Meet an account of the workspace."""
        key = AccountKey(Platform.SLACK, TEAM, user_id)
        facts = AccountFacts(key, f"D{user_id}", name, None, "en")
        return await self.people.meet(DEFAULT_ORGANIZATION, facts)

    async def in_slack(
        self, name: str, *, zone: str = "Europe/Berlin", roles: tuple[Role, ...] = ()
    ) -> SlackPerson:
        """Return somebody of the workspace."""
        first = "".join(mark for mark in name.split()[0].upper() if mark.isalnum())
        user_id = f"U{first}"
        _, person = await self.meet(user_id, name)
        person = await self.people.set_zone(acting(person), zone)
        for role in roles:
            await self.people.grant(DEFAULT_ORGANIZATION, person.id, role, None)
        self.names = {**getattr(self, "names", {}), user_id: name}
        return SlackPerson(self, user_id, name, person)

    async def books_as(
        self, person: SlackPerson, kind: EventType, start: datetime
    ) -> BookingDetails:
        """Let somebody book a time, as from elsewhere."""
        command = BookSlot(
            actor=acting(person.person),
            event_type_id=kind.id,
            start=start,
            request_id=RequestId(new_id()),
        )
        booking = await self.booking.book(command)
        return await self.database.queries.booking(DEFAULT_ORGANIZATION, booking.id)

    async def offers(
        self,
        person: SlackPerson,
        title: str,
        *,
        line: str = "mon-fri 9-12 13-17",
        minutes: int = 60,
        **changes: object,
    ) -> EventType:
        """Let somebody in Slack offer time."""
        kind = await self.hosting.become_coach(
            acting(person.person),
            parse_hours_line(line, today=self.clock.now().date()),
            timedelta(minutes=minutes),
            RequestId(new_id()),
            title=title,
        )
        return await self.change(kind, **changes)

    def approval(self, host: SlackPerson, details: BookingDetails) -> ApproveBooking:
        """Return the host's yes to a request."""
        return ApproveBooking(
            actor=acting(host.person),
            booking_id=details.booking.id,
            request_id=RequestId(new_id()),
        )

    async def rows(self, statement: str) -> list[Any]:
        """Return the rows of a plain select."""

        def select(connection: Connection) -> list[Any]:
            return [dict(row) for row in connection.execute(text(statement)).mappings()]

        return await self.database.writer.run(select)

    async def redrawn(self, person: SlackPerson) -> None:
        """Let the keeper draw every open window of somebody anew."""
        for card, live in list(self.cards.kept.items()):
            renderer = self.parts.booking.renderers.find(live.kind)
            number = card.message_id.removeprefix("view:")
            if renderer is None or card.chat.chat_id != person.user_id:
                continue
            rendered = await renderer(live)
            message = rendered.message if rendered else None
            if not isinstance(message, ViewMessage):
                continue
            view = message.view
            if number in person.windows:
                person.windows[number].show(view)
            elif number == "home":
                assert every_fault(view) == []
                person.home = view

    async def _resolve(self, team_id: str, user_id: str) -> Person | None:
        names: dict[str, str] = getattr(self, "names", {})
        if user_id not in names:
            return None
        return (await self.meet(user_id, names[user_id]))[1]

    async def _posts_in(self, group: Recipient) -> bool:
        return self.posts_in.get(group.chat_id.partition("#")[0], True)


def _nobody() -> None:
    """Wake nobody."""
