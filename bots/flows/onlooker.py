"""A turn nobody takes: what a person sees, drawn without their having done anything."""

from bots.chat import Incoming, Unreadable
from scheduling.ids import RequestId
from scheduling.messages import ChatMessage
from scheduling.people import AccountKey, Card, ChatAccount, Person
from scheduling.ports import Clock, LiveCard


class Onlooker:
    """Stands in for a turn where flows only read who looks and when; it answers nothing."""

    def __init__(self, live: LiveCard, person: Person, clock: Clock) -> None:
        chat, now = live.card.chat, clock.now()
        key = AccountKey(chat.platform, chat.tenant, chat.chat_id)
        self._incoming = Incoming(
            organization_id=live.organization_id,
            account=ChatAccount(key, person.id, chat.chat_id, None, None, True, now),
            person=person,
            chat=chat,
            private=live.person_id is not None,
            said=Unreadable(),
            request_id=RequestId(""),
            card=live.card,
            received_at=now,
        )

    @property
    def incoming(self) -> Incoming:
        return self._incoming

    async def toast(self, text: str, *, alert: bool = False) -> None:
        raise LookupError("nobody is there to be answered")

    async def show(self, message: ChatMessage) -> Card:
        raise LookupError("nobody is there to be answered")

    async def redraw(self, card: Card, message: ChatMessage) -> Card:
        raise LookupError("nobody is there to be answered")

    async def say(self, message: ChatMessage) -> Card:
        raise LookupError("nobody is there to be answered")

    async def busy(self) -> None:
        raise LookupError("nobody is there to be answered")
