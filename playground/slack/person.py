"""One person in the local Slack, as tests drive them."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from playground.seen import NothingSuch
from playground.slack.seen import (
    Ack,
    SlackMessage,
    SlackView,
    Submitted,
    Surface,
    read_ack,
    read_message,
    read_view,
)

Json = dict[str, Any]
APP = "app"
_Found = TypeVar("_Found")


class Control(Protocol):
    """What a person needs of the client."""

    async def call(self, verb: str, path: str, body: Any = None, **query: Any) -> Any: ...

    async def until(
        self,
        found: Callable[[], Awaitable[_Found | None]],
        what: str,
        *,
        within: float | None = None,
    ) -> _Found: ...


class SlackPerson:
    """A person. Every ``wait_...`` looks at what came since their last action.

    ``channel`` is a conversation's id or key; "app" is the direct message with the app.
    """

    def __init__(self, client: Control, key: str) -> None:
        self._client = client
        self.key = key
        self._since = 0

    async def _act(self, what: str, body: Any = None, **query: Any) -> Json:
        path = f"/users/{self.key}/{what}"
        done: Json = await self._client.call("POST", path, body, **query)
        self._since = int(done.get("before", self._since))
        return done

    async def profile(self) -> Json:
        """Id, name, zone and the rest."""
        state = await self._client.call("GET", "/state")
        return next(user for user in state["users"] if user["key"] == self.key)

    async def id(self) -> str:
        return str((await self.profile())["id"])

    async def command(self, command: str, text: str = "", *, channel: str = APP) -> Ack:
        """Send a slash command; its immediate answer is shown to them."""
        body = {"channel_id": channel, "command": command, "text": text}
        return read_ack(await self._act("commands", body))

    async def say(self, text: str, *, channel: str = APP, thread_ts: str | None = None) -> str:
        """Type a message; returns its ts."""
        body = {"channel_id": channel, "text": text, "thread_ts": thread_ts}
        return str((await self._act("messages", body))["ts"])

    async def messages(
        self, channel: str = APP, *, thread_ts: str | None = None
    ) -> list[SlackMessage]:
        """What they see there now, oldest first."""
        path = f"/users/{self.key}/conversations/{channel}/messages"
        shown = await self._client.call("GET", path, thread_ts=thread_ts)
        return [read_message(one) for one in shown]

    async def conversations(self) -> list[Json]:
        return list(await self._client.call("GET", f"/users/{self.key}/conversations"))

    async def wait_for(
        self,
        fragment: str,
        *,
        channel: str = APP,
        thread_ts: str | None = None,
        since: int | None = None,
        within: float | None = None,
    ) -> SlackMessage:
        """The newest message of the app with ``fragment``, sent or edited since they acted.

        Raises:
            NothingSuch: it did not come within ``within`` seconds.
        """
        return await self.wait_for_message(
            lambda message: fragment in message.said,
            f"a message saying {fragment!r}",
            channel=channel,
            thread_ts=thread_ts,
            since=since,
            within=within,
        )

    async def wait_for_message(
        self,
        fits: Callable[[SlackMessage], bool],
        what: str = "a fitting message",
        *,
        channel: str = APP,
        thread_ts: str | None = None,
        since: int | None = None,
        within: float | None = None,
    ) -> SlackMessage:
        """Like ``wait_for``, by any test of a message; ``since`` 0 looks at everything."""
        begin = self._since if since is None else since

        async def found() -> SlackMessage | None:
            seen = await self.messages(channel, thread_ts=thread_ts)
            fitting = [m for m in seen if m.bot and m.seq > begin and fits(m)]
            return fitting[-1] if fitting else None

        return await self._wait(found, what, channel, within)

    async def _wait(
        self,
        found: Callable[[], Awaitable[_Found | None]],
        what: str,
        channel: str,
        within: float | None,
    ) -> _Found:
        try:
            return await self._client.until(found, f"{what} ({self.key})", within=within)
        except NothingSuch as error:
            seen = "\n".join(
                f"- {message.said} {message.labels}" for message in await self.messages(channel)
            )
            raise NothingSuch(f"{error} {self.key} sees in {channel}:\n{seen}") from None

    async def press(self, where: Surface, label: str) -> Ack:
        """Press a button or a line of an overflow menu, by what it says or begins with.

        Raises:
            NothingSuch: there is none such.
        """
        button = where.button(label)
        body: Json = {"container": where.container, "action_id": button.action_id,
                      "block_id": button.block_id}  # fmt: skip
        if button.option is not None:
            body["selected_option"] = button.option
        return read_ack(await self._act("actions", body))

    async def press_newest(self, label: str, *, channel: str = APP) -> Ack:
        """Press a button on the newest message that has it; waits for one."""
        message = await self.wait_for_message(
            lambda m: any(text.startswith(label) for text in m.labels),
            f"a button {label!r}",
            channel=channel,
            since=0,
        )
        return await self.press(message, label)

    async def choose(self, where: Surface, name: str, value: Any) -> Ack:
        """Choose in a select, picker, radio buttons or checkboxes, telling the app at once.

        An option is meant by what it says; lists choose several; None empties it.
        """
        block, element = where.element(name)
        body = {"container": where.container, "action_id": element["action_id"],
                "block_id": block["block_id"]}  # fmt: skip
        choice = {"value": await self._meant(where, block, element, value)}
        return read_ack(await self._act("actions", {**body, **choice}))

    async def act(self, container: Json, action_id: str, **more: Any) -> Ack:
        """Use an element by its ids, as the control API takes it."""
        body = {"container": container, "action_id": action_id, **more}
        return read_ack(await self._act("actions", body))

    async def typeahead(self, where: Surface, name: str, typed: str = "") -> list[Json]:
        """The options the app offers for what was typed."""
        block, element = where.element(name)
        body = {"container": where.container, "action_id": element["action_id"],
                "block_id": block["block_id"], "value": typed}  # fmt: skip
        told = await self._client.call("POST", f"/users/{self.key}/options", body)
        groups = told.get("option_groups", [])
        return [*told.get("options", []), *(o for group in groups for o in group["options"])]

    async def _meant(self, where: Surface, block: Json, element: Json, value: Any) -> Any:
        """Options by what they say; anything else as it is."""
        if isinstance(value, list):
            return [await self._meant(where, block, element, one) for one in value]
        if not isinstance(value, str):
            return value
        options: list[Json] = list(element.get("options") or [])
        for group in element.get("option_groups") or []:
            options += group["options"]
        if str(element["type"]).endswith("external_select"):
            options = await self.typeahead(where, element["action_id"], value)
        elif not options:
            return value
        for fits in (str.__eq__, str.startswith):
            for option in options:
                if fits(option["text"]["text"], value):
                    return option
        said = [option["text"]["text"] for option in options]
        raise NothingSuch(f"No option {value!r}; there are {said}.")

    async def views(self) -> Json:
        found: Json = await self._client.call("GET", f"/users/{self.key}/views")
        return found

    async def modals(self) -> list[SlackView]:
        """The open modals, the one on top last."""
        return [read_view(view) for view in (await self.views())["modals"]]

    async def modal(self, fragment: str = "", *, within: float | None = None) -> SlackView:
        """The modal on top, once it says ``fragment`` in its title or text.

        Raises:
            NothingSuch: it did not come within ``within`` seconds.
        """

        async def found() -> SlackView | None:
            stack = await self.modals()
            fits = stack and fragment in f"{stack[-1].title}\n{stack[-1].words}"
            return stack[-1] if fits else None

        return await self._client.until(found, f"a modal saying {fragment!r}", within=within)

    async def fill(self, view: SlackView, name: str, value: Any) -> None:
        """Fill an input in, without telling the app; options by what they say."""
        block, element = view.element(name)
        body = {"block_id": block["block_id"], "action_id": element["action_id"],
                "value": await self._meant(view, block, element, value)}  # fmt: skip
        await self._client.call("POST", f"/users/{self.key}/views/{view.id}/state", body)

    async def submit(
        self, view: SlackView, values: Json | None = None, *, forged: bool = False
    ) -> Submitted:
        """Send a modal. ``forged`` sends what no client would let through."""
        body = {"values": values or {}, "forged": forged}
        done = await self._act(f"views/{view.id}/submission", body)
        return Submitted(
            ok=done["ok"],
            closed=done["closed"],
            errors=done["errors"] or {},
            views=[read_view(one) for one in done["views"]],
            error=(done.get("ack") or {}).get("error"),
        )

    async def close(self, view: SlackView, *, clear: bool = False) -> None:
        await self._act(f"views/{view.id}/close", {"clear": clear})

    async def open_home(self, *, tab: str = "home") -> None:
        """Open the app's page, on its Home or Messages tab."""
        await self._act("home", None, tab=tab)

    async def home(self, fragment: str = "", *, within: float | None = None) -> SlackView:
        """Their App Home, once it says ``fragment``.

        Raises:
            NothingSuch: it did not come within ``within`` seconds.
        """

        async def found() -> SlackView | None:
            shown = (await self.views())["home"]
            view = read_view(shown) if shown else None
            return view if view is not None and fragment in view.words else None

        return await self._client.until(found, f"a Home saying {fragment!r}", within=within)

    async def shortcut(self, callback_id: str) -> Ack:
        """Use a global shortcut."""
        body = {"callback_id": callback_id, "type": "global"}
        return read_ack(await self._act("shortcuts", body))

    async def message_shortcut(self, callback_id: str, channel: str, ts: str) -> Ack:
        """Use a shortcut of a message."""
        body = {"callback_id": callback_id, "type": "message", "channel_id": channel, "ts": ts}
        return read_ack(await self._act("shortcuts", body))

    async def change_profile(self, **changes: Any) -> None:
        await self._act("profile", changes)

    async def join(self, channel_id: str) -> None:
        await self._act("membership", {"channel_id": channel_id, "member": True})

    async def leave(self, channel_id: str) -> None:
        await self._act("membership", {"channel_id": channel_id, "member": False})
