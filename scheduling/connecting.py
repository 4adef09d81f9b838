"""Two chats, one person: joined by a one-time code, taken apart again."""

from dataclasses import replace
from datetime import datetime, timedelta

from scheduling.errors import CannotConnect, CodeGone, NotAllowed, SamePerson, SlotTaken
from scheduling.ids import PersonId, RequestId, digest, new_id
from scheduling.model import SeatStatus
from scheduling.moments import Interval
from scheduling.notifications import Notification, NotificationKind
from scheduling.people import AccountKey, Actor, ChatAccount, Person
from scheduling.plan import connected_key, new_notification_id
from scheduling.ports import Transaction

CODE_LIVES = timedelta(minutes=10)
_FAR = timedelta(days=800)
_WAITS = SeatStatus.WAITLISTED


def put_code(tx: Transaction, person_id: PersonId, code: str, now: datetime) -> None:
    """Store a code by its digest, in the place of the person's earlier one."""
    tx.people.put_connect_code(digest(code), person_id, now + CODE_LIVES)
    tx.audit.add(person_id, "connect_code_issued", person_id, {})


def connect(
    tx: Transaction, actor: Actor, code: str, request_id: RequestId | None, now: datetime
) -> Person:
    """Make the actor and whoever issued the code one person.

    People are read before any lock: the merge locks both, sessions first, and only who is kept
    depends on what is read here. The code is spent by one statement, so of two who use it at
    once one finds it gone.
    """
    if request_id and (made := tx.requests.made(request_id)):
        return tx.people.get(PersonId(made))
    issuer_id = tx.people.use_connect_code(digest(code), now)
    if issuer_id is None:
        raise CodeGone
    if issuer_id == actor.person_id:
        raise SamePerson
    issuer, guest = tx.people.get(issuer_id), tx.people.get(actor.person_id)
    theirs, ours = tx.people.accounts(issuer.id), tx.people.accounts(guest.id)
    if {a.key.platform for a in theirs} & {a.key.platform for a in ours}:
        raise CannotConnect("two_accounts")
    if _attends(tx, issuer, guest, now) or _attends(tx, guest, issuer, now):
        raise CannotConnect("overlap")  # hosts cannot attend their own time
    kept = max((issuer, guest), key=lambda person: _weight(tx, person, now))
    gone = guest if kept is issuer else issuer
    try:
        tx.people.merge(kept.id, gone.id)
    except SlotTaken:
        raise CannotConnect("overlap") from None
    person = _filled_up(tx.people.get(kept.id), gone)
    tx.people.update(person)
    _tell(tx, person, theirs, ours, now)
    tx.audit.add(person.id, "connected", person.id, {"gone": gone.id})
    if request_id:
        tx.requests.record(request_id, person.id, now)
    return tx.people.get(person.id)


def disconnect(tx: Transaction, actor: Actor, key: AccountKey) -> Person:
    """Give the account to a fresh person of the same name; everything else stays."""
    tx.lock_hosts([actor.person_id])
    known = tx.people.by_account(key)
    if known is None or known[1].id != actor.person_id:
        raise NotAllowed
    if len(tx.people.accounts(actor.person_id)) == 1:
        raise NotAllowed  # there would be nobody left to be
    person = known[1]
    fresh = Person(
        organization_id=tx.organization_id,
        id=PersonId(new_id()),
        name=person.name,
        zone=person.zone,
        locale=person.locale,
    )
    tx.people.add(fresh)
    tx.people.move_account(key, fresh.id)
    tx.audit.add(actor.person_id, "disconnected", fresh.id, {"platform": key.platform.value})
    return fresh


def _weight(tx: Transaction, person: Person, now: datetime) -> tuple[bool, int]:
    """Return how much there is of a person: a coach first, then bookings; the first of equals."""
    busy = tx.sessions.busy_of([person.id], Interval(now, now + _FAR), now)
    return person.is_coach, len(busy.get(person.id, ()))


def _attends(tx: Transaction, host: Person, other: Person, now: datetime) -> bool:
    """Say whether one has a seat, or waits for one, in what the other hosts."""
    hosted = tx.bookings.live_of_host(host.id, Interval(now, now + _FAR))
    seats = [booking.seat_of(other.id) for booking in hosted]
    return any(seat and (seat.status.uses_seat or seat.status is _WAITS) for seat in seats)


def _filled_up(kept: Person, gone: Person) -> Person:
    """Return the person with what only the other one had told us."""
    return replace(
        kept,
        zone=kept.zone or gone.zone,
        phone=kept.phone or gone.phone,
        email=kept.email or gone.email,
        quiet=kept.quiet or gone.quiet,
        reminders=kept.reminders if kept.reminders is not None else gone.reminders,
        about=kept.about or gone.about,
    )


def _tell(
    tx: Transaction,
    person: Person,
    theirs: list[ChatAccount],
    ours: list[ChatAccount],
    now: datetime,
) -> None:
    """Tell the chat in which the code was issued; the other one sees the answer to it."""
    chat = next((account.recipient for account in _last_used_first(theirs)), None)
    joined = next(iter(_last_used_first(ours)), None)
    if chat is None or joined is None:
        return
    name = f"@{joined.username}" if joined.username else joined.name or person.name
    tx.outbox.add(
        Notification(
            organization_id=person.organization_id,
            id=new_notification_id(),
            kind=NotificationKind.CONNECTED,
            person_id=person.id,
            dedupe_key=connected_key(joined.key, now),
            due_at=now,
            chat=chat,
            payload={"platform": joined.key.platform.value, "name": name},
        )
    )


def _last_used_first(accounts: list[ChatAccount]) -> list[ChatAccount]:
    return sorted(accounts, key=lambda account: account.last_seen, reverse=True)
