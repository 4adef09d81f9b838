"""How fast a platform lets us write: how soon each chat and each bot may be sent the next message.

Nothing here waits. Asked about a message, the gate says "go" or from when on; who asked puts the
row back until then, so that a slow chat never keeps another one waiting. The dispatcher and the
keeper of cards ask the same gate.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scheduling.ids import NotificationId
from scheduling.people import Platform, Recipient

_HANDFUL = 5
_FOR_EVER = timedelta(days=1)


def starts_with_minus(chat: Recipient) -> bool:
    """Say whether the chat is a group, by the way Telegram numbers them."""
    return chat.chat_id.startswith("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What one platform takes; the numbers are the adapter's to know, the wiring hands them in.

    Answers to a press are never held back by their chat: a person can only cause so many. They
    may also use the part of the bot's burst that is kept for them.
    """

    chat_interval: timedelta = timedelta(seconds=1)
    chat_burst: int = 3
    group_interval: timedelta = timedelta(seconds=3)
    group_burst: int = 3
    bot_interval: timedelta = timedelta(milliseconds=40)
    bot_burst: int = 25
    kept_for_answers: int = 5
    refresh_interval: timedelta = timedelta(milliseconds=40)
    refresh_burst: int = 25
    """Cards that are only kept right: where editing has a pace of its own, or all of the bot's."""
    is_group: Callable[[Recipient], bool] = starts_with_minus


@dataclass(slots=True)
class Bucket:
    """A token bucket, kept as the instant at which it will be full again."""

    interval: timedelta
    burst: int
    full_at: datetime | None = None

    def tokens(self, now: datetime) -> int:
        """Return how many may go at this instant."""
        if self.full_at is None or self.full_at <= now:
            return self.burst
        missing = -((now - self.full_at) // self.interval)  # rounded up
        return max(0, self.burst - missing)

    def take(self, now: datetime) -> datetime:
        """Take a token and return when it may be used; now, or when its turn comes."""
        self.full_at = max(now, self.full_at or now) + self.interval
        return max(now, self.full_at - self.burst * self.interval)

    def wait_for(self, tokens: int, now: datetime) -> timedelta:
        """Return how long until so many may go at once (at most the burst)."""
        ready = (self.full_at or now) - (self.burst - tokens) * self.interval
        return max(timedelta(), ready - now)


@dataclass(slots=True)
class _PlatformState:
    bot: Bucket
    refreshes: Bucket
    paused_until: datetime | None = None
    failing: set[Recipient] = field(default_factory=set)
    pauses: int = 0


class Gate:
    """Holds the pace of every platform, and what each asked us to wait for."""

    CIRCUIT_OPENS_AFTER = 5
    """Different chats failing one after another: the platform is in trouble, not they."""
    LONGEST_PAUSE = timedelta(seconds=30)
    _FORGET_AFTER = timedelta(minutes=10)
    _TIDY_ABOVE = 10_000
    _SET_BACK = timedelta(seconds=2)

    def __init__(self, paces: Mapping[Platform, Pace]) -> None:
        self._paces = paces
        self._states = {
            platform: _PlatformState(
                Bucket(pace.bot_interval, pace.bot_burst),
                Bucket(pace.refresh_interval, pace.refresh_burst),
            )
            for platform, pace in paces.items()
        }
        self._chats: dict[Recipient, Bucket] = {}
        self._turns: dict[NotificationId, datetime] = {}
        self._deferred: dict[Recipient, datetime] = {}
        self._seen: datetime | None = None

    def notice(self, now: datetime) -> None:
        """Take note of the time; a clock set back takes what waits for an instant with it.

        Otherwise everybody would wait for as long as the clock was set back.
        """
        if self._seen is not None and (back := self._seen - now) > self._SET_BACK:
            bots = [b for s in self._states.values() for b in (s.bot, s.refreshes)]
            for bucket in (*self._chats.values(), *bots):
                bucket.full_at = bucket.full_at and bucket.full_at - back
            for state in self._states.values():
                state.paused_until = state.paused_until and state.paused_until - back
            self._turns = {row: at - back for row, at in self._turns.items()}
            self._deferred = {chat: until - back for chat, until in self._deferred.items()}
        self._seen = now

    def room(self, now: datetime, *, answers_only: bool = False) -> int:
        """Return how many messages could go to the least busy platform at this instant."""
        rooms = [
            state.bot.tokens(now) - (0 if answers_only else self._paces[platform].kept_for_answers)
            for platform, state in self._states.items()
            if state.paused_until is None or state.paused_until <= now
        ]
        return max(0, *rooms) if rooms else 0

    def room_in(self, now: datetime) -> timedelta:
        """Return how long until there is room for a handful of messages again."""
        waits = []
        for platform, state in self._states.items():
            pace = self._paces[platform]
            enough = min(pace.bot_burst, pace.kept_for_answers + _HANDFUL)
            paused = (state.paused_until or now) - now
            waits.append(max(paused, state.bot.wait_for(enough, now)))
        return min(waits, default=_FOR_EVER)

    def admit(
        self, row: NotificationId, chat: Recipient, now: datetime, *, answer: bool
    ) -> datetime | None:
        """Return None when the row may go to the chat now, else when to ask again.

        A row that was told to wait has its turn kept, so rows of one chat go in the order in
        which they first asked.
        """
        held = self._held_until(chat, now)
        if held is not None:
            return held
        turn = self._turns.get(row)
        if turn is None:
            turn = self._chat_bucket(chat).take(now)
        bot = self._states[chat.platform].bot
        if turn <= now and not bot.tokens(now):
            # Claims are limited to the room there is; several platforms share that number.
            turn = now + self._paces[chat.platform].bot_interval
        if turn > now and not answer:
            self._turns[row] = turn
            return turn
        bot.take(now)
        self._turns.pop(row, None)
        self._tidy(now)
        return None

    # --- cards that are kept right: after all else, so that nobody waits for them ---

    def room_for_refreshing(self, platform: Platform, now: datetime) -> int:
        """Return how many cards could be refreshed there at this instant.

        What is kept for answers, and a handful for notifications, is left alone.
        """
        state = self._states.get(platform)
        if state is None or (state.paused_until or now) > now:
            return 0
        spare = state.bot.tokens(now) - self._left_alone(platform)
        return max(0, min(spare, state.refreshes.tokens(now)))

    def refreshing_in(self, platform: Platform, now: datetime) -> timedelta:
        """Return how long until there is room for one; zero when there is."""
        state = self._states.get(platform)
        if state is None:
            return _FOR_EVER
        paused = (state.paused_until or now) - now
        bot = state.bot.wait_for(self._left_alone(platform) + 1, now)
        return max(paused, bot, state.refreshes.wait_for(1, now), timedelta())

    def admit_refresh(self, chat: Recipient, now: datetime) -> datetime | None:
        """Return None when a card of the chat may be edited now, else when to ask again.

        The chat's last place is left to news: a card never makes a message wait.
        """
        held = self._held_until(chat, now)
        if held is not None:
            return held
        state, bucket = self._states[chat.platform], self._chat_bucket(chat)
        own = bucket.wait_for(min(2, bucket.burst), now)
        wait = max(own, self.refreshing_in(chat.platform, now))
        if wait > timedelta():
            return now + wait
        for each in (state.bot, state.refreshes, bucket):
            each.take(now)
        self._tidy(now)
        return None

    def _left_alone(self, platform: Platform) -> int:
        pace = self._paces[platform]
        return min(pace.kept_for_answers + _HANDFUL, pace.bot_burst - 1)

    def forget(self, row: NotificationId) -> None:
        """Give up the row's turn: it ended without being sent."""
        self._turns.pop(row, None)

    def defer(self, chat: Recipient, until: datetime) -> None:
        """Send the chat nothing before then."""
        self._deferred[chat] = max(until, self._deferred.get(chat, until))

    def pause(self, platform: Platform, until: datetime) -> None:
        """Send nothing on this platform before then."""
        state = self._states[platform]
        state.paused_until = max(until, state.paused_until or until)

    def worked(self, chat: Recipient) -> None:
        """Note that the platform answered."""
        state = self._states[chat.platform]
        state.failing.clear()
        state.pauses = 0

    def failed(self, chat: Recipient, now: datetime) -> None:
        """Note that the platform could not take a message; many chats in a row make a pause."""
        state = self._states[chat.platform]
        state.failing.add(chat)
        if len(state.failing) >= self.CIRCUIT_OPENS_AFTER:
            pause = min(timedelta(seconds=2**state.pauses), self.LONGEST_PAUSE)
            state.pauses = min(state.pauses + 1, 10)
            state.failing.clear()
            self.pause(chat.platform, now + pause)

    def _held_until(self, chat: Recipient, now: datetime) -> datetime | None:
        waits = [self._deferred.get(chat), self._states[chat.platform].paused_until]
        latest = max((wait for wait in waits if wait is not None), default=None)
        return latest if latest is not None and latest > now else None

    def _chat_bucket(self, chat: Recipient) -> Bucket:
        bucket = self._chats.get(chat)
        if bucket is None:
            pace = self._paces[chat.platform]
            group = pace.is_group(chat)
            bucket = Bucket(
                pace.group_interval if group else pace.chat_interval,
                pace.group_burst if group else pace.chat_burst,
            )
            self._chats[chat] = bucket
        return bucket

    def _tidy(self, now: datetime) -> None:
        """Forget what no longer limits anything, so that memory does not grow with chats."""
        if len(self._chats) + len(self._turns) + len(self._deferred) < self._TIDY_ABOVE:
            return
        old = now - self._FORGET_AFTER
        self._chats = {c: b for c, b in self._chats.items() if b.full_at and b.full_at > now}
        self._turns = {row: turn for row, turn in self._turns.items() if turn > old}
        self._deferred = {c: until for c, until in self._deferred.items() if until > now}
