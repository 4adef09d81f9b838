"""Everything only Slack has, brought together."""

from bots.slack.home.flow import Home
from bots.slack.home.share import ShareModal
from bots.slack.home.windows import HomeWindows
from bots.slack.modals.book import BookModal
from bots.slack.modals.cancel import CancelModal
from bots.slack.modals.doors import BookingDoor
from bots.slack.modals.hours import HoursModal
from bots.slack.modals.live import MODAL, ModalRenderer
from bots.slack.modals.move import MoveModal, MoveSending
from bots.slack.modals.note import DeclineModal, NoteModal
from bots.slack.modals.parts import SurfaceParts
from bots.slack.modals.picking import PickerWindow
from bots.slack.modals.session import SessionModal
from bots.slack.modals.span_view import OFF, OPEN
from bots.slack.modals.spans import SpanModal
from bots.slack.modals.types import TypeModal
from bots.slack.surface import SlackSurfaces


def register_surfaces(surfaces: SlackSurfaces, parts: SurfaceParts) -> None:
    """Register every window, shortcut and App Home."""
    renderer = ModalRenderer()
    parts.booking.renderers.put(MODAL, renderer)
    door, window = BookingDoor(parts), PickerWindow(parts)
    BookModal(parts, window, MoveSending(parts, window, door)).register(surfaces, renderer)
    MoveModal(window, door).register(surfaces)
    CancelModal(parts, door).register(surfaces)
    NoteModal(parts, door).register(surfaces)
    DeclineModal(parts, door).register(surfaces)
    HoursModal(parts).register(surfaces)
    SpanModal(parts, OFF).register(surfaces)
    SpanModal(parts, OPEN).register(surfaces)
    TypeModal(parts).register(surfaces)
    SessionModal(parts).register(surfaces)
    ShareModal(parts).register(surfaces)
    Home(parts).register(surfaces)
    HomeWindows(parts).register(surfaces)
