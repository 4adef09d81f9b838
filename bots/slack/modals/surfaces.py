"""Everything only Slack has, brought together."""

from bots.slack.modals.book import BookModal
from bots.slack.modals.live import MODAL, ModalRenderer
from bots.slack.modals.parts import SurfaceParts
from bots.slack.surface import SlackSurfaces


def register_surfaces(surfaces: SlackSurfaces, parts: SurfaceParts) -> None:
    """Register every window, shortcut and App Home."""
    renderer = ModalRenderer()
    parts.booking.renderers.put(MODAL, renderer)
    BookModal(parts).register(surfaces, renderer)
