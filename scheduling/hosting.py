"""Offering time: becoming a coach, and the event types people book."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from scheduling import text
from scheduling.calendars import calendar_of
from scheduling.errors import CoachSignUpClosed, NotAllowed, NotFound, UnknownZone
from scheduling.event_type_change import UNSET as UNSET
from scheduling.event_type_change import EventTypeChange as EventTypeChange
from scheduling.event_type_change import check_duration
from scheduling.grammar.hours_line import HoursLine
from scheduling.hours import Calendar, Schedule
from scheduling.hours_lines import schedule_with
from scheduling.ids import (
    EventTypeId,
    PersonId,
    RequestId,
    ScheduleId,
    digest,
    new_code,
    new_id,
)
from scheduling.model import EventType
from scheduling.moments import zone
from scheduling.notifications import NotificationKind
from scheduling.people import Actor, Person, Role
from scheduling.plan import (
    coach_asked_key,
    coach_decided_key,
    coach_declined_mark,
    to_person,
)
from scheduling.policy import CoachSignUp, Policy
from scheduling.ports import Clock, Queries, Store, Transaction, WakeUp

_TITLE = "Session"

SignUp = Literal["coach", "open", "invite", "approval"]


class HostingService:
    """Makes coaches and their event types; the only writer of event types."""

    def __init__(
        self, store: Store, queries: Queries, clock: Clock, policy: Policy, wake: WakeUp
    ) -> None:
        self._store = store
        self._queries = queries
        self._clock = clock
        self._policy = policy
        self._wake = wake

    async def sign_up(self, actor: Actor) -> SignUp:
        """Say what stands between the actor and being a coach: nothing to do, or how it goes."""
        person = await self._queries.person(actor.organization_id, actor.person_id)
        if person.is_coach:
            return "coach"
        return "open" if person.is_admin else _mode(self._policy)

    async def become_coach(
        self,
        actor: Actor,
        line: HoursLine,
        duration: timedelta,
        request_id: RequestId,
        *,
        title: str | None = None,
    ) -> EventType:
        """Open the actor's time: role, calendar, hours in the actor's zone, and a first type.

        Repeating a request returns the type it made. Somebody who is a coach already gets the
        hours and one more type.

        Raises:
            CoachSignUpClosed: an invite code or an admin's yes is needed first; with "approval"
                the admins have been asked, with "declined" one of them said no today.
            UnknownZone: the actor has not told their time zone.
            InputRefused: a length or title that cannot be.
        """
        words = text.clean("title", title or _TITLE, text.TITLE_LIMIT)
        check_duration(duration)
        made = await self._store.transact(
            actor.organization_id, self._become_coach, actor, line, duration, words, request_id
        )
        self._wake()
        if made is None:
            raise CoachSignUpClosed(CoachSignUp.APPROVAL.value)
        return made

    async def redeem_invite(self, actor: Actor, code: str) -> bool:
        """Make the actor a coach by an invite code; False when it is not (or no more) valid."""

        def redeem(tx: Transaction) -> bool:
            tx.lock_hosts([actor.person_id])
            if not tx.people.use_invite(digest(code), actor.person_id, self._clock.now()):
                return False
            if tx.people.grant(actor.person_id, Role.COACH):
                detail = {"role": Role.COACH.value, "by": "invite"}
                tx.audit.add(actor.person_id, "granted", actor.person_id, detail)
            return True

        return await self._store.transact(actor.organization_id, redeem)

    async def decide_coach(
        self, actor: Actor, person_id: PersonId, approve: bool, request_id: RequestId
    ) -> None:
        """Answer somebody who asked to become a coach (admins), and tell them.

        Raises:
            NotAllowed: the actor is no admin.
            NotFound: there is no such person.
        """
        await self._store.transact(
            actor.organization_id, self._decide_coach, actor, person_id, approve, request_id
        )
        self._wake()

    async def add_event_type(
        self, actor: Actor, duration: timedelta, title: str | None, request_id: RequestId
    ) -> EventType:
        """Offer one more type on the actor's calendar; repeating a request returns what it made.

        Raises:
            NotAllowed: the actor is no coach with a calendar.
            InputRefused: a length or title that cannot be.
        """
        words = text.clean("title", title or _TITLE, text.TITLE_LIMIT)
        check_duration(duration)
        return await self._store.transact(
            actor.organization_id, self._add_event_type, actor, duration, words, request_id
        )

    async def change(
        self, actor: Actor, event_type_id: EventTypeId, change: EventTypeChange
    ) -> EventType:
        """Change an event type of the actor; bookings made keep what they were made with.

        Raises:
            NotAllowed: it is not the actor's.
            InputRefused: a value that cannot be; its field is named.
        """
        return await self._store.transact(
            actor.organization_id, self._change, actor, event_type_id, change
        )

    async def event_types(self, actor: Actor) -> list[EventType]:
        """Return the actor's types, those that are off included."""

        def read(tx: Transaction) -> list[EventType]:
            return tx.event_types.of_host(actor.person_id)

        return await self._store.transact(actor.organization_id, read)

    # --- transactions ---------------------------------------------------------------------------

    def _become_coach(
        self,
        tx: Transaction,
        actor: Actor,
        line: HoursLine,
        duration: timedelta,
        title: str,
        request_id: RequestId,
    ) -> EventType | None:
        tx.lock_hosts([actor.person_id])
        if made := tx.requests.made(request_id):
            return tx.event_types.get(EventTypeId(made))
        now = self._clock.now()
        person = tx.people.get(actor.person_id)
        if person.zone is None:
            raise UnknownZone("")
        if not self._may_be_coach(tx, person, now):
            return None
        if tx.people.grant(person.id, Role.COACH):
            tx.audit.add(person.id, "granted", person.id, {"role": Role.COACH.value})
        calendar = calendar_of(tx, person)
        schedule = _schedule_of(tx, person, person.zone, line, now)
        tx.hours.link(calendar.id, schedule.id, line.until)
        event_type = self._new_type(tx, calendar, duration, title)
        tx.audit.add(person.id, "opened_time", calendar.id, {"event_type": event_type.id})
        tx.requests.record(request_id, event_type.id, now)
        return event_type

    def _may_be_coach(self, tx: Transaction, person: Person, now: datetime) -> bool:
        """Say whether the person may; in approval mode ask the admins, once a day."""
        mode = _mode(self._policy)
        if person.is_coach or person.is_admin or mode == "open":
            return True
        if mode == "invite":
            raise CoachSignUpClosed(mode)
        day = now.date().isoformat()
        if tx.requests.made(coach_declined_mark(person.id, day)):
            raise CoachSignUpClosed("declined")
        for admin in tx.people.with_role(Role.ADMIN):
            key = coach_asked_key(person.id, day, admin.id)
            facts = {"person": person.id, "name": person.name}
            tx.outbox.add(
                to_person(
                    person.organization_id,
                    NotificationKind.COACH_ASKED,
                    admin.id,
                    key,
                    now,
                    facts,
                )
            )
        return False

    def _decide_coach(
        self,
        tx: Transaction,
        actor: Actor,
        person_id: PersonId,
        approve: bool,
        request_id: RequestId,
    ) -> None:
        tx.lock_hosts({actor.person_id, person_id})
        admin = tx.people.get(actor.person_id)
        if not admin.is_admin:
            raise NotAllowed
        if tx.requests.made(request_id):
            return
        now = self._clock.now()
        person = tx.people.get(person_id)
        if person.is_coach:
            return  # another admin was quicker, or an invite
        mark = coach_declined_mark(person.id, now.date().isoformat())
        if approve:
            tx.people.grant(person.id, Role.COACH)
        elif not tx.requests.made(mark):
            tx.requests.record(mark, admin.id, now)
        kind = NotificationKind.COACH_APPROVED if approve else NotificationKind.COACH_DECLINED
        facts = {"by": admin.id, "by_name": admin.name}
        key = coach_decided_key(person.id, request_id)
        tx.outbox.add(to_person(person.organization_id, kind, person.id, key, now, facts))
        tx.audit.add(admin.id, kind.value, person.id, {})
        tx.requests.record(request_id, person.id, now)

    def _add_event_type(
        self,
        tx: Transaction,
        actor: Actor,
        duration: timedelta,
        title: str,
        request_id: RequestId,
    ) -> EventType:
        tx.lock_hosts([actor.person_id])
        if made := tx.requests.made(request_id):
            return tx.event_types.get(EventTypeId(made))
        calendar = tx.hours.default_calendar(actor.person_id)
        if calendar is None or not tx.people.get(actor.person_id).is_coach:
            raise NotAllowed
        event_type = self._new_type(tx, calendar, duration, title)
        tx.audit.add(actor.person_id, "event_type_added", event_type.id, {})
        tx.requests.record(request_id, event_type.id, self._clock.now())
        return event_type

    def _new_type(
        self, tx: Transaction, calendar: Calendar, duration: timedelta, title: str
    ) -> EventType:
        event_type = EventType(
            organization_id=tx.organization_id,
            id=EventTypeId(new_id()),
            calendar_id=calendar.id,
            host_id=calendar.owner_id,
            code=new_code(),
            title=title,
            duration=duration,
            step=duration,
            cut_off=self._policy.cut_off,
        )
        tx.event_types.add(event_type)
        return event_type

    def _change(
        self,
        tx: Transaction,
        actor: Actor,
        event_type_id: EventTypeId,
        change: EventTypeChange,
    ) -> EventType:
        # Behind every booking of this host: what decides a start does not change under it.
        tx.lock_hosts([actor.person_id])
        known = _own_type(tx, actor, event_type_id)
        changed = change.applied_to(known)
        if changed == known:
            return known
        changed = replace(changed, version=known.version + 1)
        tx.event_types.update(changed)
        tx.audit.add(
            actor.person_id,
            "event_type_changed",
            known.id,
            {"fields": ",".join(change.names())},
        )
        return changed


def _mode(policy: Policy) -> Literal["open", "invite", "approval"]:
    match policy.coach_sign_up:
        case CoachSignUp.OPEN:
            return "open"
        case CoachSignUp.INVITE:
            return "invite"
        case CoachSignUp.APPROVAL:
            return "approval"


def _schedule_of(
    tx: Transaction, person: Person, zone_name: str, line: HoursLine, now: datetime
) -> Schedule:
    today = now.astimezone(zone(zone_name)).date()
    known = tx.hours.default_schedule(person.id)
    blank = Schedule(ScheduleId(new_id()), person.id, person.name, zone_name, {}, {}, version=0)
    schedule = schedule_with(known or blank, line, zone_name, today)
    tx.hours.put_schedule(schedule)
    return schedule


def _own_type(tx: Transaction, actor: Actor, event_type_id: EventTypeId) -> EventType:
    try:
        event_type = tx.event_types.get(event_type_id)
    except NotFound:
        raise NotAllowed from None
    if event_type.host_id != actor.person_id:
        raise NotAllowed
    return event_type
