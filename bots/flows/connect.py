"""Two chats, one person: joined by a one-time code, taken apart again."""

from dataclasses import replace

from bots.chat import Turn
from bots.flows.hosting_parts import HostingParts
from bots.flows.turns import press_of, reader_of, typed_line, with_person
from bots.live.drawing import Rendered
from bots.router import Router
from scheduling.connecting import CODE_LIVES
from scheduling.errors import CannotConnect, CodeGone, SamePerson, SchedulingError
from scheduling.messages import Live
from scheduling.people import AccountKey, ChatAccount, Platform
from scheduling.ports import LiveCard, about_person
from wording import connect as words
from wording.times import Reader

KIND = "connect"
"""Of cards that show a code."""
START = "c_"
"""Start codes of links that join; the code follows."""


class ConnectFlow:
    """Gives codes in one chat and takes them in the other; redeeming asks nothing more."""

    def __init__(self, parts: HostingParts) -> None:
        self._parts = parts

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.command("connect", self.on_connect)
        router.press("connect", self.on_connect)
        router.press("disconn", self.on_disconnect)
        router.start(START, self.redeem)
        self._parts.renderers.put(KIND, self._draw)

    async def on_connect(self, turn: Turn) -> None:
        """Show a new code, or how things are; with a code, redeem it."""
        code = typed_line(turn).removeprefix(START)
        if code:
            await self.redeem(turn, code)
        elif len(await self._accounts(turn)) > 1:
            await self._show_connected(turn)
        elif not self._others(turn):
            here = turn.incoming.chat.platform
            await turn.show(words.only_one(reader_of(turn, self._parts.clock), here))
        else:
            await self._show_code(turn)

    async def _show_code(self, turn: Turn) -> None:
        reader, other = reader_of(turn, self._parts.clock), self._others(turn)[0]
        code = await self._parts.people.connect_code(turn.incoming.actor)
        links = self._parts.chats[other]
        if other is Platform.TELEGRAM:
            message = words.open_telegram(reader, links.deep_link(START + code))
        else:
            message = words.type_in_slack(reader, code, links.deep_link(""))
        await turn.show(replace(message, live=self._until_used(turn)))

    def _until_used(self, turn: Turn) -> Live:
        """Return what tells the card of a code that it was used, or is over."""
        key, person_id = turn.incoming.account.key, turn.incoming.person.id
        # The account says who it is afterwards: the person of now may be the other one then.
        data = (("tenant", key.tenant), ("account", key.account_id))
        over_at = self._parts.clock.now() + CODE_LIVES
        return Live(KIND, person_id, frozenset({about_person(person_id)}), over_at, data)

    async def _draw(self, live: LiveCard) -> Rendered | None:
        """Show in the card of a code that both are one now, or that its time is over."""
        platform = live.card.chat.platform
        key = AccountKey(platform, live.data["tenant"], live.data["account"])
        known = await self._parts.queries.account(key)
        if known is None:
            return None
        _, person = known
        reader = Reader.of(person, self._parts.clock.now())
        accounts = await self._parts.queries.accounts(live.organization_id, person.id)
        if len(accounts) > 1:
            return Rendered(words.connected(reader, person, accounts))
        over = live.again_at is None or live.again_at <= reader.now
        return Rendered(words.refused(reader, CodeGone()) if over else None)

    def _others(self, turn: Turn) -> list[Platform]:
        here = turn.incoming.chat.platform
        chats = self._parts.chats_of(turn.incoming.organization_id)
        return [platform for platform in chats if platform is not here]

    async def redeem(self, turn: Turn, code: str) -> None:
        """Make both chats one person; a code that cannot be taken is answered with a way on."""
        incoming, reader = turn.incoming, reader_of(turn, self._parts.clock)
        try:
            person = await self._parts.people.connect(
                incoming.actor, code.strip(), incoming.request_id
            )
        except SamePerson:
            await self._same(turn)
        except (CodeGone, CannotConnect) as error:
            await turn.show(words.refused(reader, error))
        else:
            await self._show_connected(with_person(turn, person))

    async def _same(self, turn: Turn) -> None:
        """Answer one's own code: both are one already, or it belongs into the other chat."""
        if len(await self._accounts(turn)) > 1:
            await self._show_connected(turn)
            return
        reader = reader_of(turn, self._parts.clock)
        await turn.show(words.own_code(reader, turn.incoming.chat.platform))

    async def _show_connected(self, turn: Turn) -> None:
        reader = reader_of(turn, self._parts.clock)
        accounts = await self._accounts(turn)
        await turn.show(words.connected(reader, turn.incoming.person, accounts))

    # --- taking apart ---

    async def on_disconnect(self, turn: Turn) -> None:
        """Ask, then let the other chat be somebody of its own; here everything stays."""
        press, reader = press_of(turn), reader_of(turn, self._parts.clock)
        other = await self._other_account(turn)
        if other is None:
            await turn.show(words.apart(reader))
        elif press.argument == "keep":
            await self._show_connected(turn)
        elif press.argument != "yes":
            await turn.show(words.ask_disconnect(reader, turn.incoming.person, other))
        else:
            try:
                await self._parts.people.disconnect(turn.incoming.actor, other.key)
            except SchedulingError:
                await turn.show(words.apart(reader))  # another tap was quicker
                return
            await turn.show(words.disconnected(reader, turn.incoming.person, other))

    async def _other_account(self, turn: Turn) -> ChatAccount | None:
        """Return the account that is not the one pressed from."""
        here = turn.incoming.account.key
        return next((a for a in await self._accounts(turn) if a.key != here), None)

    async def _accounts(self, turn: Turn) -> list[ChatAccount]:
        incoming = turn.incoming
        return await self._parts.queries.accounts(incoming.organization_id, incoming.person.id)
