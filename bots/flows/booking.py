"""The student's flows, brought together."""

from bots.flows.booking_cards import BookingCards
from bots.flows.bookings import Bookings
from bots.flows.cancelling import Cancelling
from bots.flows.choosing import Choosing
from bots.flows.finding import Finding
from bots.flows.holding import Holding
from bots.flows.journey import Journey
from bots.flows.journey_cards import JourneyCards
from bots.flows.moving import Moving
from bots.flows.my import My
from bots.flows.notes import Notes
from bots.flows.odd import Odd
from bots.flows.parts import BookingParts
from bots.flows.picker import Picker
from bots.flows.questions import Questions
from bots.flows.reminders import Reminding
from bots.flows.welcome import Welcome
from bots.flows.wishing import Wishing
from bots.router import Router


def register_booking(router: Router, parts: BookingParts) -> None:
    """Register everything a student does, commands in the order menus show them.

    The zone question is registered by whoever made it: the host's flows share it.
    """
    picker = Picker(parts)
    journey = Journey(parts, picker)
    holding = Holding(parts, picker, journey)
    bookings = Bookings(parts)
    finding = Finding(parts, journey, holding, Wishing(parts, picker, journey, holding))
    moving = Moving(parts, picker, journey, holding, bookings)
    my = My(parts, bookings)
    Welcome(parts, journey, finding).register(router)
    finding.register(router)
    my.register(router)
    cards = JourneyCards(parts, picker, journey, bookings)
    cards.register()
    BookingCards(parts, bookings).register()
    Choosing(parts, picker, journey, holding, cards).register(router)
    Questions(parts, journey).register(router)
    moving.register(router)
    Cancelling(parts, bookings, moving).register(router)
    Notes(parts, bookings).register(router)
    Reminding(parts, bookings, router).register()
    Odd(parts, my, finding, router).register()
