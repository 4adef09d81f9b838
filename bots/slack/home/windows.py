"""What App Home's buttons of neutral flows lead to: the answer opens in a window.

In the chat it would come where nobody is looking; in the window its buttons go on from there.
"""

from bots.slack.modals.caught import CaughtTurn
from bots.slack.modals.doors import open_shell
from bots.slack.modals.live import view_card
from bots.slack.modals.notices import notice
from bots.slack.modals.parts import SurfaceParts
from bots.slack.surface import SlackSurfaces, Surface, SurfaceHandler
from scheduling.errors import SchedulingError
from wording.refusals import refused
from wording.times import Reader

VERBS = ("agenda", "link", "mine", "mytypes", "cantcome", "sview", "sleave")


class HomeWindows:
    """Opens answers in windows, for presses in App Home alone."""

    def __init__(self, parts: SurfaceParts) -> None:
        self._parts = parts

    def register(self, surfaces: SlackSurfaces) -> None:
        """Take these verbs; elsewhere they are the flows' as ever."""
        for verb in VERBS:
            surfaces.press(verb, self._answering(verb))

    def _answering(self, verb: str) -> SurfaceHandler:
        async def answer(surface: Surface) -> None:
            flow = self._parts.router.find_press(verb)
            view = surface.view
            if flow is None:
                return
            if view is None or not view.is_home:
                await flow(surface.turn)
                return
            reader = Reader.of(surface.incoming.person, self._parts.booking.clock.now())
            view_id = await open_shell(surface, reader, reader.say("slack.notice"))
            caught = CaughtTurn(surface.incoming)
            try:
                await flow(caught)
            except SchedulingError as error:
                await caught.say(refused(error, reader))
            if view_id:
                await self._show(surface, view_id, caught, reader)

        return answer

    async def _show(
        self, surface: Surface, view_id: str, caught: CaughtTurn, reader: Reader
    ) -> None:
        message, incoming = caught.message, surface.incoming
        await surface.update(notice(reader, message), view_id=view_id)
        await self._parts.watch.shown(
            incoming.organization_id, incoming.person.id, view_card(surface, view_id), message
        )
