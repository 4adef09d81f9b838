"""Keeps open cards right: after a change those that show it are drawn anew, newest first."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bots.live.drawing import Rendered, Renderers, fingerprint, live_card
from bots.live.watch import Drawing, Watch
from scheduling.errors import (
    DeliveryDeferred,
    DeliveryError,
    DeliveryUnknown,
    SchedulingError,
    StoreUnavailable,
)
from scheduling.messages import ChatMessage
from scheduling.people import Platform
from scheduling.ports import Changes, Clock, LiveCard, LiveCards, Messenger, Pacing, StaleCard

_STALLED_AFTER = timedelta(seconds=30)
_LEAST_PAUSE = timedelta(milliseconds=20)
_SECOND = timedelta(seconds=1)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeeperLimits:
    """How much is drawn at once, how long for, and how long cards are kept."""

    lease: timedelta = timedelta(seconds=30)
    edit_within: timedelta = timedelta(seconds=15)
    parallel: int = 8
    together: timedelta = timedelta(milliseconds=100)
    """Waited after a change: others may follow, and who made it is answered first."""
    idle: timedelta = timedelta(seconds=1)
    """Looks at least this often: for cards due by time, and should nobody tell of a change."""
    overtaken: timedelta = timedelta(milliseconds=200)
    unknown: timedelta = timedelta(seconds=5)
    kept_for: timedelta = timedelta(days=1)
    tidy_every: timedelta = timedelta(minutes=10)
    drain: timedelta = timedelta(seconds=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeeperParts:
    """What keeping cards touches."""

    cards: LiveCards
    changes: Changes
    renderers: Renderers
    messengers: Mapping[Platform, Messenger]
    pacing: Pacing
    watch: Watch
    clock: Clock


class CardKeeper:
    """Draws stale cards anew; several may run on one database, a card belongs to one at a time.

    Which cards are stale is in the database, so a restart forgets nothing. Nobody waits for a
    card: it goes after every answer and notification, and never as a new message.
    """

    name = "cards"

    def __init__(self, parts: KeeperParts, limits: KeeperLimits | None = None) -> None:
        self._parts, self._limits = parts, limits or KeeperLimits()
        self._woken = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self._listening: asyncio.Task[None] | None = None
        self._stopping = False
        self._looked_at: datetime | None = None
        self._tidied_at: datetime | None = None
        self._store_lost_at: datetime | None = None

    def wake(self) -> None:
        """Look for stale cards soon; cheap, repeats are one."""
        self._woken.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep cards inside the block; leaving lets those that are being drawn be finished."""
        self._stopping = False
        self._keeping = asyncio.create_task(self._keep_for_ever(), name="cards")
        self._listening = asyncio.create_task(self._listen_for_ever(), name="changes elsewhere")
        try:
            yield
        finally:
            self._stopping = True
            self._woken.set()
            self._listening.cancel()
            # Cut off in the middle of a read, a connection would be left open.
            await asyncio.wait({self._keeping}, timeout=self._limits.drain.total_seconds())
            self._keeping.cancel()
            await asyncio.wait({self._keeping, self._listening})

    def trouble(self, now: datetime) -> str | None:
        """Say what keeps cards from being right."""
        if self._keeping is None or self._keeping.done():
            return "not running"
        if self._store_lost_at is not None:
            return f"the database cannot be reached for {now - self._store_lost_at}"
        if self._looked_at is not None and now - self._looked_at > _STALLED_AFTER:
            return f"has not looked for {now - self._looked_at}"
        return None

    async def run_once(self) -> int:
        """Draw what is stale and may go now; return how many cards were looked at."""
        count = 0
        for platform in self._parts.messengers:
            room = self._parts.pacing.room_for_refreshing(platform, self._parts.clock.now())
            count += await self._draw_some(platform, room) if room else 0
        return count

    # --- looking ---------------------------------------------------------------------------

    async def _keep_for_ever(self) -> None:
        while not self._stopping:
            self._woken.clear()
            self._looked_at = now = self._parts.clock.now()
            found = 0
            try:
                found = await self.run_once()
                await self._tidy(now)
            except StoreUnavailable:
                self._store_lost_at = self._store_lost_at or now
            except Exception:  # an edge: a defect in one look must not be the last look
                _log.exception("live.look_failed")
            else:
                self._store_lost_at = None
            if not self._stopping:
                await self._wait(has_found=found > 0)

    async def _listen_for_ever(self) -> None:
        while True:
            try:
                await self._parts.changes.heard()
            except Exception as error:  # an edge: whatever was missed is looked for
                _log.warning("live.not_listening", reason=type(error).__name__)
                await self._parts.clock.sleep(_SECOND)
            self._woken.set()

    async def _wait(self, *, has_found: bool) -> None:
        """Wait for a change or the next look; with more to draw, only for room."""
        clock, now = self._parts.clock, self._parts.clock.now()
        pacing = self._parts.pacing
        waits = [pacing.refreshing_in(platform, now) for platform in self._parts.messengers]
        room_in = min((wait for wait in waits if wait), default=timedelta())
        if has_found and not all(waits):
            await clock.sleep(timedelta())  # lets the others run before the next handful
            return
        pause = min(self._limits.idle, room_in) if room_in else self._limits.idle
        tick = asyncio.ensure_future(clock.sleep(max(pause, _LEAST_PAUSE)))
        woken = asyncio.ensure_future(self._woken.wait())
        try:
            await asyncio.wait({woken, tick}, return_when=asyncio.FIRST_COMPLETED)
            if woken.done() and not tick.done() and not self._stopping:
                await clock.sleep(self._limits.together)
        finally:
            for each in (woken, tick):
                each.cancel()
            await asyncio.wait({woken, tick})

    async def _tidy(self, now: datetime) -> None:
        limits = self._limits
        if self._tidied_at is None or abs(now - self._tidied_at) >= limits.tidy_every:
            self._tidied_at = now
            await self._parts.cards.tidy(now - limits.kept_for)

    # --- drawing ---------------------------------------------------------------------------

    async def _draw_some(self, platform: Platform, room: int) -> int:
        now, limits = self._parts.clock.now(), self._limits
        some = await self._parts.cards.stale(
            now, platform=platform, limit=min(room, limits.parallel), lease=limits.lease
        )
        drawings = [asyncio.create_task(self._look_after(stale)) for stale in some]
        try:
            if drawings:
                await asyncio.wait(drawings)
        finally:
            for drawing in drawings:
                drawing.cancel()
        return len(some)

    async def _look_after(self, stale: StaleCard) -> None:
        """Draw one card; whatever goes wrong with it concerns no other."""
        try:
            with self._parts.watch.drawing(stale.live.card) as drawing:
                await self._draw(stale, drawing)
        except StoreUnavailable:
            pass  # its lease runs out, and it is stale still
        except Exception:  # an edge: a card that cannot be drawn would be tried for ever
            _log.exception("live.not_drawn", kind=stale.live.kind)
            await self._end(stale)

    async def _draw(self, stale: StaleCard, drawing: Drawing) -> None:
        live, parts = stale.live, self._parts
        rendered = None if drawing.is_overtaken() else await self._render(live)
        if drawing.is_overtaken():
            await self._later(stale, self._limits.overtaken)
        elif rendered is None:
            await parts.cards.refreshed(stale, None)
        elif rendered.message is None:
            await parts.cards.refreshed(stale, live)
        elif fingerprint(rendered.message) == live.shown:
            await parts.cards.refreshed(stale, _now_shown(live, rendered.message))
        elif again_at := parts.pacing.admit_refresh(live.card.chat, parts.clock.now()):
            await parts.cards.postpone(stale, again_at)
        else:
            await self._show(stale, rendered)

    async def _show(self, stale: StaleCard, rendered: Rendered | None) -> None:
        """Edit the card until it shows what holds.

        A press may be answered while an edit is under way, in another process even, and the edit
        may come last: then what the press led to is drawn once more over it.
        """
        while rendered is not None and rendered.message is not None:
            if not await self._edit(stale, rendered.message):
                return
            if await _holds(rendered):
                now_shown = _now_shown(stale.live, rendered.message)
                await self._parts.cards.refreshed(stale, now_shown)
                return
            rendered = await self._render(stale.live)
        await self._parts.cards.refreshed(stale, None)

    async def _render(self, live: LiveCard) -> Rendered | None:
        renderer = self._parts.renderers.find(live.kind)
        if renderer is None:
            return None
        try:
            return await renderer(live)
        except SchedulingError:
            return None  # what it shows is not there any more, or not for this person

    async def _edit(self, stale: StaleCard, message: ChatMessage) -> bool:
        """Edit the card; False when that was the end of it, or it has to wait."""
        card, pacing = stale.live.card, self._parts.pacing
        messenger = self._parts.messengers[card.chat.platform]
        try:
            async with asyncio.timeout(self._limits.edit_within.total_seconds()):
                await messenger.refresh(card, message)
        except DeliveryDeferred as wait:
            await self._deferred(stale, wait)
            return False
        except (DeliveryUnknown, TimeoutError):
            pacing.failed(card.chat, self._parts.clock.now())
            await self._later(stale, self._limits.unknown)
            return False
        except DeliveryError as error:
            pacing.worked(card.chat)
            _log.debug("live.gone", kind=stale.live.kind, reason=str(error))
            await self._parts.cards.refreshed(stale, None)
            return False
        pacing.worked(card.chat)
        return True

    async def _deferred(self, stale: StaleCard, wait: DeliveryDeferred) -> None:
        chat, now = stale.live.card.chat, self._parts.clock.now()
        until = now + wait.retry_after
        if wait.whole_bot:
            self._parts.pacing.pause(chat.platform, until)
        else:
            self._parts.pacing.failed(chat, now)
            self._parts.pacing.defer(chat, until)
        await self._parts.cards.postpone(stale, until)

    async def _later(self, stale: StaleCard, length: timedelta) -> None:
        until = self._parts.clock.now() + max(length, _LEAST_PAUSE)
        await self._parts.cards.postpone(stale, until)

    async def _end(self, stale: StaleCard) -> None:
        try:
            await self._parts.cards.refreshed(stale, None)
        except StoreUnavailable:
            _log.warning("live.not_forgotten")


def _now_shown(live: LiveCard, message: ChatMessage) -> LiveCard | None:
    return live_card(live.organization_id, live.person_id, live.card, message)


async def _holds(rendered: Rendered) -> bool:
    return rendered.still is None or await rendered.still()
