"""What Slack waits for: answers to a modal that was sent, and options of a select."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

import structlog

from bots.chat import Press
from bots.flows.turns import reader_of
from bots.slack import limits
from bots.slack.door import NO_ANSWER, Door, NotInstalled
from bots.slack.intake import SlackIntake
from bots.slack.interaction import SlackInteraction
from bots.slack.modals import elements
from bots.slack.payloads import InteractionRead
from bots.slack.surface import Answer, Clear, Close, Errors, Push, SlackSurfaces, Update, View
from bots.slack.updates import origin_of
from scheduling.errors import DeliveryError, EntryRefused, SchedulingError, StoreUnavailable
from scheduling.ports import Clock, DraftChanged
from wording import edge
from wording.catalogue import FALLBACK, say
from wording.refusals import refused

T = TypeVar("T")
Json = dict[str, Any]
_log = structlog.get_logger(__name__)


class _TooSlow(Exception):
    """Slack would not wait any longer."""


class SlackAnswers:
    """Answers while Slack waits, and always in time: who asks twice gets the same answer."""

    def __init__(
        self, door: Door, surfaces: SlackSurfaces, intake: SlackIntake, clock: Clock
    ) -> None:
        self._door, self._surfaces = door, surfaces
        self._intake, self._clock = intake, clock

    async def submitted(self, request: InteractionRead) -> Json:
        """Return what the acknowledgement of a modal says; empty closes it."""
        origin = origin_of(request)
        view = origin.view
        handler = self._surfaces.find_submission(view.callback_id) if view else None
        if view is None or handler is None:
            return {}
        try:
            surface = await self._in_time(self._surface(request))
        except EntryRefused as refusal:
            if refusal.standing in NO_ANSWER:
                return {}
            return _shown(edge.not_for_you(FALLBACK, refusal.standing.value, "").text)
        except NotInstalled:
            return {}
        except (_TooSlow, DeliveryError, StoreUnavailable) as error:
            return self._later(view, error)
        locale = surface.incoming.person.locale
        try:
            return drawn(await self._in_time(handler(surface)))
        except DraftChanged:
            return _fault(view, say(locale, "odd.quicker"))
        except SchedulingError as error:
            return _fault(view, refused(error, reader_of(surface.turn, self._clock)).text)
        except (_TooSlow, DeliveryError, StoreUnavailable) as error:
            return self._later(view, error, locale)
        except Exception:  # an edge: whatever else comes here is a defect of ours
            _log.exception("slack.submission_failed", callback=view.callback_id)
            return _fault(view, edge.not_now(locale))

    async def options(self, request: InteractionRead) -> list[tuple[str, str]]:
        """Return what a select offers for what was typed into it; empty in case of doubt."""
        handler = self._surfaces.find_options(request.action_id or "")
        if handler is None:
            return []
        try:
            surface = await self._in_time(self._surface(request))
            found = await self._in_time(handler(surface, request.value or ""))
        except (_TooSlow, DeliveryError, StoreUnavailable, SchedulingError, NotInstalled) as error:
            _log.info("slack.no_options", reason=type(error).__name__)
            return []
        except Exception:  # an edge: whatever else comes here is a defect of ours
            _log.exception("slack.options_failed", action=request.action_id)
            return []
        return list(found)[: limits.OPTIONS]

    async def _surface(self, request: InteractionRead) -> SlackInteraction:
        origin = origin_of(request)
        workspace = await self._door.workspace_of(origin)
        admitted = await self._door.admit(workspace, origin)
        turn = self._door.turn(admitted, self._intake.inbound(request), origin, Press(""))
        return SlackInteraction(workspace, origin, turn, again="")

    async def _in_time(self, work: Awaitable[T]) -> T:
        """Wait at most as long as leaves time for the answer; what was begun is finished.

        A transaction under way commits whether or not anybody waits, so cutting it off would
        only hide what it did: the person is told to send again, which counts once.
        """
        task = asyncio.ensure_future(work)
        limit = asyncio.ensure_future(self._clock.sleep(limits.ANSWER_WITHIN))
        try:
            await asyncio.wait({task, limit}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise _TooSlow
            return task.result()
        finally:
            limit.cancel()
            if not task.done():
                task.cancel()
                await asyncio.wait({task})
            if not task.cancelled():
                task.exception()

    @staticmethod
    def _later(view: View, error: Exception, locale: str = FALLBACK) -> Json:
        _log.warning("slack.answer_late", reason=type(error).__name__)
        return _fault(view, edge.send_again(locale))


def drawn(answer: Answer) -> Json:
    """Return an answer as the acknowledgement says it."""
    match answer:
        case Close():
            return {}
        case Clear():
            return {"response_action": "clear"}
        case Errors(by_block=faults):
            return {"response_action": "errors", "errors": dict(faults)} if faults else {}
        case Update(view=view):
            return {"response_action": "update", "view": dict(view)}
        case Push(view=view):
            return {"response_action": "push", "view": dict(view)}


def _fault(view: View, text: str) -> Json:
    """Return the words under the first thing to fill in; without one, instead of the modal."""
    block = next(iter(view.values), None)
    return {"response_action": "errors", "errors": {block: text}} if block else _shown(text)


def _shown(text: str) -> Json:
    modal = elements.modal("sb.words", "slotbook", [elements.section(text)], close="OK")
    return {"response_action": "update", "view": modal}
