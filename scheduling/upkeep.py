"""What happens without anybody acting: ends, completions, new zone data, hours running out."""

from dataclasses import replace
from datetime import timedelta

from scheduling.daybook import WindowCache
from scheduling.errors import SlotTaken
from scheduling.expiry import expire_overdue
from scheduling.ground import Ground, with_seats
from scheduling.ids import DEFAULT_ORGANIZATION, OrganizationId, PersonId
from scheduling.model import BookingStatus, SeatStatus
from scheduling.moments import zone, zone_data_version
from scheduling.notifications import NotificationKind
from scheduling.people import Person, Role
from scheduling.plan import PLANNED, hours_expiring_key, to_person
from scheduling.policy import Policy
from scheduling.ports import Clock, Memory, Queries, Store, Transaction, WakeUp
from scheduling.zone_rules import follow_host

_BATCH = 100
_WARN = timedelta(days=7)
_ZONE_DATA = "zone_data"
_HOSTS_AT_ONCE = 20
_NEVER_SAT = frozenset({SeatStatus.HELD, SeatStatus.OFFERED, SeatStatus.WAITLISTED})


class Upkeep:
    """Makes timely what the next use case would do anyway; every method is safe to repeat.

    Each is for one organization: who runs it at intervals goes through all of them.
    """

    def __init__(
        self,
        store: Store,
        queries: Queries,
        clock: Clock,
        policy: Policy,
        wake: WakeUp,
        memory: Memory,
    ) -> None:
        self._store = store
        self._queries = queries
        self._clock = clock
        self._wake = wake
        self._memory = memory
        self._ground = Ground(clock, policy, WindowCache())

    async def expire_overdue(self, organization_id: OrganizationId = DEFAULT_ORGANIZATION) -> int:
        """End holds, requests and kept times that are over, at most a batch; return how many."""
        return self._woken(await self._store.transact(organization_id, self._expire))

    async def complete_ended(self, organization_id: OrganizationId = DEFAULT_ORGANIZATION) -> int:
        """Complete confirmed bookings that have ended, at most a batch; return how many."""
        return self._woken(await self._store.transact(organization_id, self._complete))

    async def follow_zone_data(self, organization_id: OrganizationId = DEFAULT_ORGANIZATION) -> int:
        """Keep every coming booking's wall time when a start finds new zone data.

        Return how many were given another instant or, because it would clash, keep theirs with
        the host told. Does nothing while the data is the one last followed.
        """
        version = zone_data_version()
        followed = f"{_ZONE_DATA}:{organization_id}"
        if await self._memory.recall(followed) == version:
            return 0
        hosts = await self._store.transact(organization_id, self._hosts_to_follow)
        count = 0
        for host_id in hosts:
            count += await self._follow(organization_id, host_id)
        await self._memory.remember(followed, version)
        return self._woken(count)

    async def announce_expiring_hours(
        self, organization_id: OrganizationId = DEFAULT_ORGANIZATION
    ) -> int:
        """Tell coaches, once, whose hours end within seven days; return how many are told."""
        coaches = await self._store.transact(organization_id, self._coaches)
        now = self._clock.now()
        ending: list[tuple[PersonId, str]] = []
        for coach in coaches:
            hours = await self._queries.hours(organization_id, coach.id, now)
            if hours and hours.expires_on:
                today = now.astimezone(zone(hours.schedule.zone)).date()
                if today <= hours.expires_on <= today + _WARN:
                    ending.append((coach.id, hours.expires_on.isoformat()))
        if ending:
            await self._store.transact(organization_id, self._announce, ending)
        return self._woken(len(ending))

    def _woken(self, count: int) -> int:
        if count:
            self._wake()
        return count

    def _expire(self, tx: Transaction) -> int:
        # Look first, lock the hosts found, then look again: what was confirmed meanwhile is
        # not overdue any more when it is looked at behind its lock.
        now = self._clock.now()
        found = {booking.host_id for booking in tx.bookings.overdue(now, None, _BATCH)}
        for seat in tx.bookings.overdue_seats(now, None, _BATCH):
            found.add(tx.bookings.get(seat.booking_id).host_id)
        if not found:
            return 0
        hosts = sorted(found)[:_HOSTS_AT_ONCE]
        tx.lock_hosts(hosts)
        return expire_overdue(tx, self._ground, hosts, now, _BATCH)

    def _complete(self, tx: Transaction) -> int:
        now = self._clock.now()
        found = tx.bookings.ended(now, _BATCH)
        hosts = set(sorted({booking.host_id for booking in found})[:_HOSTS_AT_ONCE])
        if not hosts:
            return 0
        tx.lock_hosts(hosts)
        done = 0
        for seen in found:
            booking = tx.bookings.get(seen.id)
            ended = booking.status is BookingStatus.CONFIRMED and booking.time.end <= now
            if booking.host_id not in hosts or not ended:
                continue
            open_ends = [seat for seat in booking.seats if seat.status in _NEVER_SAT]
            gone = [replace(s, status=SeatStatus.CANCELLED, expires_at=None) for s in open_ends]
            # The claim stays: the buffer after the end is still the host's.
            booking = replace(
                booking,
                status=BookingStatus.COMPLETED,
                plan_revision=booking.plan_revision + 1,
                version=booking.version + 1,
                undo_until=None,
            )
            tx.bookings.update(with_seats(tx, booking, gone))
            tx.outbox.retire(booking.id, PLANNED)
            tx.audit.add(None, "completed", booking.id, {})
            done += 1
        return done

    def _hosts_to_follow(self, tx: Transaction) -> list[PersonId]:
        version = zone_data_version()
        coming = tx.bookings.coming(None, self._clock.now())
        return sorted({booking.host_id for booking in coming if booking.zone_data != version})

    async def _follow(self, organization_id: OrganizationId, host_id: PersonId) -> int:
        """Follow one host's bookings, in one transaction since their times depend on each other."""
        try:
            return await self._store.transact(organization_id, follow_host, self._ground, host_id)
        except SlotTaken:
            # Something we do not know of is in the way (a time kept for an undo, say): no
            # booking of this host moves, and the host is told of all of them.
            return await self._store.transact(
                organization_id, follow_host, self._ground, host_id, keep_all=True
            )

    def _coaches(self, tx: Transaction) -> list[Person]:
        return tx.people.with_role(Role.COACH)

    def _announce(self, tx: Transaction, ending: list[tuple[PersonId, str]]) -> None:
        now = self._clock.now()
        tx.outbox.add(
            *(
                to_person(
                    tx.organization_id,
                    NotificationKind.HOURS_EXPIRING,
                    coach_id,
                    hours_expiring_key(coach_id, until),
                    now,
                    {"until": until},
                )
                for coach_id, until in ending
            )
        )
