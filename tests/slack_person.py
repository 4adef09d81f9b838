"""A person in Slack before the real surfaces: opens windows, fills them in, sends them."""

from collections.abc import Awaitable, Callable
from itertools import count
from typing import TYPE_CHECKING, Any

from bots.callback_data import decode, encode
from bots.chat import Command, Incoming, Press, Said, Unreadable
from bots.slack.surface import Answer, Clear, Close, Errors, Surface, Update
from phones import Screen
from scheduling.ids import DEFAULT_ORGANIZATION, RequestId, new_id
from scheduling.messages import Action
from scheduling.people import Card, Person, Platform, Recipient
from slack_window import TEAM, DeskSurface, Json, Window, every_part, words_of

if TYPE_CHECKING:
    from windows import SlackOffice


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
        return "\n".join(words_of(self.home))

    def home_buttons(self) -> dict[str, Json]:
        """Return the buttons and menu entries of App Home by label."""
        found: dict[str, Json] = {}
        for each in every_part(self.home):
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
