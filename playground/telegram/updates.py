"""The queue of updates of one bot, with Telegram's rules of offset, order and expiry."""

import asyncio
import itertools
import secrets
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from playground.telegram.errors import ApiError, conflict

#: Kinds a bot must ask for by name.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
KINDS = frozenset(
    {
        "message", "edited_message", "channel_post", "edited_channel_post", "inline_query",
        "chosen_inline_result", "callback_query", "shipping_query", "pre_checkout_query", "poll",
        "poll_answer", "my_chat_member", "chat_member", "chat_join_request", "message_reaction",
        "message_reaction_count", "chat_boost", "removed_chat_boost", "business_connection",
        "business_message", "edited_business_message", "deleted_business_messages",
        "purchased_paid_media",
    }
)  # fmt: skip
_OTHER_POLLER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)


@dataclass(frozen=True, slots=True)
class Update:
    """One update. ``lane`` names the sender queue inside which a webhook keeps order."""

    id: int
    body: dict[str, Any]
    expires_at: float
    lane: str


class UpdateQueue:
    """Updates of one bot from their birth until they are confirmed or too old."""

    def __init__(self, now: Callable[[], float], *, first_id: int | None = None) -> None:
        self._now = now
        # As at Telegram: a random start, far from the end of 32 bits, then one by one.
        self._next_id = first_id or 10**8 + secrets.randbelow(9 * 10**8)
        self._waiting: dict[int, Update] = {}  # in order of arrival
        self._repeats: deque[dict[str, Any]] = deque()
        self._seen: deque[Update] = deque(maxlen=1000)
        self._poller: asyncio.Future[None] | None = None
        self._allowed: frozenset[str] | None = None
        self.on_arrival: Callable[[], None] | None = None

    @property
    def allowed(self) -> list[str] | None:
        """The kinds asked for, or None while the bot has named none."""
        return sorted(self._allowed) if self._allowed is not None else None

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Remember the kinds asked for; None keeps the last choice, empty means the usual ones."""
        if kinds is not None:
            self._allowed = frozenset(kinds) & KINDS or None

    def wants(self, kind: str) -> bool:
        if self._allowed is None:
            return kind not in ON_REQUEST
        return kind in self._allowed

    def push(self, kind: str, value: Any, *, life: float, lane: str) -> Update | None:
        """Queue an update for ``life`` seconds; None when the bot does not want this kind."""
        if not self.wants(kind):
            return None
        return self._add({kind: value}, life, lane)

    def push_raw(self, update: dict[str, Any], *, life: float) -> Update:
        """Queue any JSON as it is, under its own ``update_id`` if it has one."""
        body = {name: value for name, value in update.items() if name != "update_id"}
        if "update_id" in update:
            forged = Update(update["update_id"], body, self._now() + life, "forged")
            self.repeat(forged)
            return forged
        return self._add(body, life, "forged")

    def _add(self, body: dict[str, Any], life: float, lane: str) -> Update:
        update = Update(self._next_id, body, self._now() + life, lane)
        self._next_id += 1
        self._waiting[update.id] = update
        self._seen.append(update)
        self._arrived()
        return update

    def repeat(self, update: Update, times: int = 1) -> None:
        """Deliver again, under the same id, whatever has been confirmed meanwhile."""
        self._repeats.extend([{"update_id": update.id, **update.body}] * times)
        self._arrived()

    def seen(self, update_id: int) -> Update | None:
        return next((one for one in self._seen if one.id == update_id), None)

    def last_seen(self) -> Update | None:
        return self._seen[-1] if self._seen else None

    def _arrived(self) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)
        if self.on_arrival is not None:
            self.on_arrival()

    def pending(self) -> list[Update]:
        """Unconfirmed updates, oldest first; expired ones are dropped on the way."""
        now = self._now()
        for update in [one for one in self._waiting.values() if one.expires_at <= now]:
            del self._waiting[update.id]
        return list(self._waiting.values())

    def drop(self, update_id: int) -> None:
        self._waiting.pop(update_id, None)

    def take_repeats(self) -> list[dict[str, Any]]:
        repeats, self._repeats = list(self._repeats), deque()
        return repeats

    def clear(self) -> None:
        self._waiting.clear()

    def take(self, offset: int, limit: int) -> list[dict[str, Any]]:
        """Confirm everything below ``offset`` and show what follows, without confirming it.

        A negative offset keeps only that many of the newest. An offset more than ten beyond the
        end is taken for a mistake, as by Telegram, and everything waiting is shown.
        """
        waiting = self.pending()
        if offset < 0:
            confirmed = waiting[:offset]
        elif offset <= self._next_id + 10:
            confirmed = [update for update in waiting if update.id < offset]
        else:
            confirmed = []
        for update in confirmed:
            self.drop(update.id)
        shown = [self._repeats.popleft() for _ in range(min(limit, len(self._repeats)))]
        room = limit - len(shown)
        following = itertools.islice(self._waiting.values(), room)
        return shown + [{"update_id": update.id, **update.body} for update in following]

    async def poll(self, offset: int, limit: int, seconds: float) -> list[dict[str, Any]]:
        """Like ``take``, waiting up to ``seconds`` for something to show.

        Raises:
            ApiError: 409 when another poll or a webhook takes over while this one waits.
        """
        shown = self.take(offset, limit)
        if shown or seconds <= 0:
            return shown
        self.interrupt(_OTHER_POLLER)
        poller = self._poller = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait_for(poller, seconds)
        except TimeoutError:
            return []
        finally:
            if self._poller is poller:
                self._poller = None
        return self.take(offset, limit)

    def interrupt(self, reason: str) -> None:
        """End a waiting poll with 409."""
        self._end_poll(conflict(reason))

    def close(self) -> None:
        """End a waiting poll quietly; the playground is going down."""
        self._end_poll(None)

    def _end_poll(self, error: ApiError | None) -> None:
        if self._poller is None or self._poller.done():
            return
        if error is None:
            self._poller.set_result(None)
        else:
            self._poller.set_exception(error)
