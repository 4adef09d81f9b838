"""What is done at intervals is done for every organization."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from app.jobs import jobs
from app.services import Services, build_services
from builders.times import at
from doubles import FakeClock
from persistence.database import Database
from persistence.tables import organizations
from scheduling.commands import BookSlot, HoldSlot
from scheduling.grammar.hours_line import parse_hours_line
from scheduling.ids import DEFAULT_ORGANIZATION, OrganizationId, RequestId
from scheduling.model import EventType
from scheduling.moments import Interval, zone_data_version
from scheduling.people import AccountKey, Actor, Platform, Recipient, Role
from scheduling.people_service import AccountFacts
from scheduling.policy import Policy
from scheduling.sessions.commands import AskTimes
from world import World

ACME = OrganizationId("acme")
BOTH = (DEFAULT_ORGANIZATION, ACME)
WEDNESDAY = at("2030-01-09 10:00")


class TwoOrganizations:
    """The same coach and student in two organizations, as if two workspaces had installed us."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.database, self.clock = database, clock
        self.services: Services = build_services(database, clock, Policy())
        self.world = World(database, clock, Policy(), frozenset())
        self.coaches: dict[OrganizationId, Actor] = {}
        self.students: dict[OrganizationId, Actor] = {}
        self.lessons: dict[OrganizationId, EventType] = {}

    async def begin(self) -> None:
        """Let everybody be there."""
        now = self.clock.now()

        def found(connection: Any) -> None:
            connection.execute(insert(organizations).values(id=ACME, name="Acme", created_at=now))

        await self.database.writer.run(found)
        line = parse_hours_line("daily 9-17 until 12 jan", today=now.date())
        for organization in BOTH:
            coach, student = [await self._person(organization, u) for u in ("U1", "U2")]
            await self.services.people.grant(organization, coach.person_id, Role.COACH, None)
            self.coaches[organization], self.students[organization] = coach, student
            self.lessons[organization] = await self.services.hosting.become_coach(
                coach, line, timedelta(hours=1), RequestId("r"), title="Lesson"
            )

    async def _person(self, organization: OrganizationId, user: str) -> Actor:
        key = AccountKey(Platform.SLACK, f"T-{organization}", user)
        facts = AccountFacts(key, "D1", f"{user} of {organization}", None, "en")
        _, person = await self.services.people.meet(organization, facts)
        actor = Actor(organization, person.id)
        await self.services.people.set_zone(actor, "UTC")
        return actor

    async def all_book(self) -> None:
        """Let both students book Wednesday."""
        for organization in BOTH:
            await self.services.booking.book(BookSlot(**self._asked(organization)))

    async def all_hold(self) -> None:
        """Let both students begin to book."""
        for organization in BOTH:
            await self.services.booking.hold(HoldSlot(**self._asked(organization)))

    async def all_ask(self) -> None:
        """Let both coaches ask for a common time."""
        for organization in BOTH:
            await self.services.sessions.ask(
                AskTimes(
                    actor=self.coaches[organization],
                    title="Retro",
                    duration=timedelta(hours=1),
                    members=(self.students[organization].person_id,),
                    times=(Interval(WEDNESDAY, WEDNESDAY + timedelta(hours=1)),),
                    group=Recipient(Platform.SLACK, f"T-{organization}", "C1"),
                    request_id=RequestId("ask"),
                )
            )

    def _asked(self, organization: OrganizationId) -> dict[str, Any]:
        return {
            "actor": self.students[organization],
            "event_type_id": self.lessons[organization].id,
            "start": WEDNESDAY,
            "request_id": RequestId("book"),
        }

    async def runs(self, name: str) -> None:
        """Run one job."""
        every = jobs(self.services, self.database, _nobody, self.clock, timedelta(seconds=1))
        (job,) = [job for job in every if job.name == name]
        await job.run()

    async def told(self, kind: str) -> list[str]:
        """Return in which organizations somebody is told this."""
        rows = await self.world.rows(
            f"SELECT DISTINCT organization_id FROM outbox WHERE kind = '{kind}'"  # noqa: S608
        )
        return sorted(row["organization_id"] for row in rows)

    async def in_states(self, table: str) -> list[tuple[str, str]]:
        """Return the states of what is stored, by organization."""
        rows = await self.world.rows(f"SELECT organization_id, status FROM {table}")  # noqa: S608
        return sorted((row["organization_id"], row["status"]) for row in rows)


def _nobody() -> None:
    return None


@pytest.fixture
async def two(database: Database, clock: FakeClock) -> TwoOrganizations:
    """Two organizations in one database, on both databases in turn."""
    both = TwoOrganizations(database, clock)
    await both.begin()
    return both


class TestEveryOrganization:
    async def test_given_holds_that_are_over_when_swept_then_all_end(
        self, two: TwoOrganizations
    ) -> None:
        await two.all_hold()
        two.clock.advance(timedelta(hours=1))
        await two.runs("expire")
        assert await two.in_states("bookings") == [("acme", "expired"), ("default", "expired")]

    async def test_given_bookings_that_ended_when_looked_at_then_all_are_completed(
        self, two: TwoOrganizations
    ) -> None:
        await two.all_book()
        two.clock.set(WEDNESDAY + timedelta(hours=2))
        await two.runs("complete")
        assert await two.in_states("bookings") == [("acme", "completed"), ("default", "completed")]

    async def test_given_polls_when_their_deadline_passes_then_all_are_settled(
        self, two: TwoOrganizations
    ) -> None:
        await two.all_ask()
        two.clock.set(WEDNESDAY - timedelta(hours=1))
        await two.runs("sessions")
        assert await two.in_states("sessions") == [("acme", "unsettled"), ("default", "unsettled")]

    async def test_given_hours_that_end_when_looked_at_then_all_coaches_hear_of_it(
        self, two: TwoOrganizations
    ) -> None:
        two.clock.set(at("2030-01-08 10:00"))
        await two.runs("expiring hours")
        assert await two.told("hours_expiring") == ["acme", "default"]

    async def test_given_new_zone_data_when_started_then_all_bookings_follow_it(
        self, two: TwoOrganizations
    ) -> None:
        await two.all_book()
        await two.world.write_sql(
            "UPDATE bookings SET zone_data = 'old', host_wall = '2030-01-09T11:00'"
        )
        await two.runs("zone data")
        assert await two.told("zone_rules_changed") == ["acme", "default"]
        rows = await two.world.rows("SELECT DISTINCT zone_data FROM bookings")
        assert [row["zone_data"] for row in rows] == [zone_data_version()]

    async def test_given_a_fault_in_one_organization_when_run_then_the_others_are_served(
        self, two: TwoOrganizations
    ) -> None:
        await two.all_book()
        await two.world.write_sql(
            "UPDATE bookings SET zone_data = 'old', host_wall = 'no time'"
            " WHERE organization_id = 'default'"
        )
        await two.world.write_sql(
            "UPDATE bookings SET zone_data = 'old', host_wall = '2030-01-09T11:00'"
            " WHERE organization_id = 'acme'"
        )
        await two.runs("zone data")
        assert await two.told("zone_rules_changed") == ["acme"]
