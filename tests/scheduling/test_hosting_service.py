from datetime import date, timedelta

import pytest

from builders.people import acting
from builders.times import at
from scheduling.errors import CoachSignUpClosed, InputRefused, NotAllowed, UnknownZone
from scheduling.grammar.hours_line import HoursLine, parse_hours_line
from scheduling.hosting import EventTypeChange
from scheduling.model import Listing, Question
from scheduling.people import Role
from scheduling.policy import CoachSignUp, Policy
from world import World

HOUR = timedelta(hours=1)
LISBON = "Europe/Lisbon"


def line(text: str = "mon-fri 9-12") -> HoursLine:
    return parse_hours_line(text, today=date(2030, 1, 7))


class TestBecomeCoach:
    async def test_given_a_person_when_they_offer_time_then_others_can_book_it(
        self, both_world: World
    ) -> None:
        world = both_world
        kim, mia = await world.person("Kim", zone=LISBON), await world.person("Mia")
        assert await world.hosting.sign_up(acting(kim)) == "open"

        kind = await world.hosting.become_coach(
            acting(kim), line("tue 9-12 until 20 jan"), HOUR, world.request(), title=" Chess "
        )

        assert (kind.title, kind.duration, kind.step) == ("Chess", HOUR, HOUR)
        assert kind.cut_off == world.policy.cut_off
        assert await world.hosting.sign_up(acting(kim)) == "coach"
        assert await world.free(kind, days=30) == [
            at(f"2030-01-{day} {hour:02}:00", LISBON)
            for day in ("08", "15")
            for hour in (9, 10, 11)
        ]
        booking = await world.books(mia, kind, "2030-01-08 09:00")
        assert (booking.host_id, booking.host_zone) == (kim.id, LISBON)

    async def test_given_the_same_press_when_it_comes_twice_then_there_is_one_type(
        self, world: World
    ) -> None:
        kim, press = await world.person("Kim"), world.request("press")
        first = await world.hosting.become_coach(acting(kim), line(), HOUR, press)
        before = await world.fingerprint()

        again = await world.hosting.become_coach(acting(kim), line(), HOUR, press)

        assert again == first
        assert await world.fingerprint() == before

    async def test_given_no_zone_or_no_length_when_offered_then_nothing_is_made(
        self, world: World
    ) -> None:
        lost = await world.person("Kim", zone=None)
        before = await world.fingerprint()

        with pytest.raises(UnknownZone):
            await world.hosting.become_coach(acting(lost), line(), HOUR, world.request())
        for length in (
            timedelta(),
            timedelta(minutes=4),
            timedelta(days=2),
            timedelta(seconds=330),
        ):
            with pytest.raises(InputRefused):
                await world.hosting.become_coach(acting(lost), line(), length, world.request())

        assert await world.fingerprint() == before


class TestByInvite:
    async def test_given_an_invite_when_redeemed_then_one_person_becomes_a_coach_once(
        self, both_world: World
    ) -> None:
        world = both_world.under(Policy(coach_sign_up=CoachSignUp.INVITE))
        kim, eve = await world.person("Kim"), await world.person("Eve")
        code = await world.people.issue_invite(kim.organization_id, timedelta(days=1))
        with pytest.raises(CoachSignUpClosed) as closed:
            await world.hosting.become_coach(acting(kim), line(), HOUR, world.request())

        assert closed.value.mode == await world.hosting.sign_up(acting(kim)) == "invite"
        assert not await world.hosting.redeem_invite(acting(kim), "nothing")
        assert await world.hosting.redeem_invite(acting(kim), code)
        assert not await world.hosting.redeem_invite(acting(eve), code)
        assert await world.hosting.sign_up(acting(eve)) == "invite"
        kind = await world.hosting.become_coach(acting(kim), line(), HOUR, world.request())
        assert kind.host_id == kim.id

    async def test_given_an_invite_when_its_time_is_over_then_it_is_worth_nothing(
        self, world: World
    ) -> None:
        kim = await world.person("Kim")
        code = await world.people.issue_invite(kim.organization_id, timedelta(days=1))
        world.clock.advance(timedelta(days=1))

        assert not await world.hosting.redeem_invite(acting(kim), code)


class TestByApproval:
    async def test_given_approval_when_asked_then_admins_are_asked_once_a_day_and_may_say_yes(
        self, both_world: World
    ) -> None:
        world = both_world.under(Policy(coach_sign_up=CoachSignUp.APPROVAL))
        admin = await world.person("Bo", roles=frozenset({Role.ADMIN}))
        kim = await world.person("Kim")
        for _ in range(2):
            with pytest.raises(CoachSignUpClosed):
                await world.hosting.become_coach(acting(kim), line(), HOUR, world.request())
        (asked,) = await world.planned("coach_asked")
        assert (asked.person, asked.payload) == ("Bo", {"person": kim.id, "name": "Kim"})

        with pytest.raises(NotAllowed):
            await world.hosting.decide_coach(acting(kim), kim.id, True, world.request())
        await world.hosting.decide_coach(acting(admin), kim.id, True, world.request("yes"))
        await world.hosting.decide_coach(acting(admin), kim.id, True, world.request("yes"))

        assert await world.told("coach_approved") == [("Kim", "coach_approved")]
        kind = await world.hosting.become_coach(acting(kim), line(), HOUR, world.request())
        assert kind.host_id == kim.id

    async def test_given_a_no_when_told_then_the_person_stays_a_student(self, world: World) -> None:
        world = world.under(Policy(coach_sign_up=CoachSignUp.APPROVAL))
        admin = await world.person("Bo", roles=frozenset({Role.ADMIN}))
        kim = await world.person("Kim")

        await world.hosting.decide_coach(acting(admin), kim.id, False, world.request())

        assert await world.told() == [("Kim", "coach_declined")]
        with pytest.raises(CoachSignUpClosed) as closed:
            await world.hosting.become_coach(acting(kim), line(), HOUR, world.request())
        assert closed.value.mode == "declined"
        assert await world.planned("coach_asked") == []
        assert await world.hosting.sign_up(acting(kim)) == "approval"
        assert await world.hosting.sign_up(acting(admin)) == "open"


class TestEventTypes:
    async def test_given_a_coach_when_types_are_added_then_they_are_listed_in_order(
        self, world: World
    ) -> None:
        host, press = acting(world.host), world.request("press")
        first = await world.hosting.add_event_type(host, timedelta(minutes=30), "Short", press)
        again = await world.hosting.add_event_type(host, timedelta(minutes=30), "Short", press)
        second = await world.hosting.add_event_type(host, 2 * HOUR, None, world.request())
        off = await world.hosting.change(host, second.id, EventTypeChange(listing=Listing.OFF))

        assert again == first
        assert await world.hosting.event_types(host) == [first, off]

    async def test_given_a_type_when_changed_then_only_what_was_named_changes(
        self, world: World
    ) -> None:
        kind, host = await world.offers(place="Studio 2"), acting(world.host)

        changed = await world.hosting.change(
            host,
            kind.id,
            EventTypeChange(
                title="  Satie\n",
                video="https://meet.example/ana",
                cap_per_day=3,
                questions=(Question("piece", " Which? ", required=True),),
                reminders=(HOUR, timedelta(hours=24), HOUR),
            ),
        )
        back = await world.hosting.change(
            host, kind.id, EventTypeChange(cap_per_day=None, place=None, video=None, reminders=None)
        )

        assert (changed.title, changed.place, changed.cap_per_day) == ("Satie", "Studio 2", 3)
        assert changed.questions == (Question("piece", "Which?", required=True),)
        assert changed.reminders == (timedelta(hours=24), HOUR)
        assert (changed.version, back.version) == (2, 3)
        assert (back.cap_per_day, back.place, back.video, back.reminders) == (None,) * 4
        assert await world.hosting.event_types(host) == [back]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            (EventTypeChange(title=" "), "title"),
            (EventTypeChange(duration=timedelta(minutes=3)), "duration"),
            (EventTypeChange(step=timedelta()), "step"),
            (EventTypeChange(buffer_after=timedelta(minutes=-5)), "buffer_after"),
            (EventTypeChange(minimum_notice=timedelta(days=90)), "minimum_notice"),
            (EventTypeChange(horizon=timedelta(days=500)), "horizon"),
            (EventTypeChange(capacity=0), "capacity"),
            (EventTypeChange(cap_per_day=0), "cap_per_day"),
            (EventTypeChange(video="http://meet.example"), "video"),
            (EventTypeChange(reminders=(timedelta(seconds=5),)), "reminders"),
            (EventTypeChange(questions=(Question("a", "b"), Question("a", "c"))), "questions"),
            (EventTypeChange(place="x" * 201), "place"),
        ],
    )
    async def test_given_a_value_that_cannot_be_when_changed_then_its_field_is_named(
        self, world: World, change: EventTypeChange, field: str
    ) -> None:
        kind = await world.offers()

        with pytest.raises(InputRefused) as refused:
            await world.hosting.change(acting(world.host), kind.id, change)

        assert refused.value.field == field
        assert await world.hosting.event_types(acting(world.host)) == [kind]

    async def test_given_somebody_elses_type_when_changed_then_it_is_not_allowed(
        self, world: World
    ) -> None:
        kind = await world.offers()
        ida, _ = await world.coach_with_type("Ida Berg")
        mia = await world.person("Mia")

        for stranger in (ida, mia):
            with pytest.raises(NotAllowed):
                await world.hosting.change(acting(stranger), kind.id, EventTypeChange(title="Mine"))
        with pytest.raises(NotAllowed):
            await world.hosting.add_event_type(acting(mia), HOUR, None, world.request())
