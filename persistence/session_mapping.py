"""Rows of sessions in, values out, and back."""

import json
from collections.abc import Iterable
from datetime import timedelta

from persistence.mapping import AnyRow, Values, card_of, whole_seconds
from scheduling.ids import (
    BookingId,
    EventTypeId,
    OptionId,
    OrganizationId,
    PersonId,
    RequestId,
    SessionId,
)
from scheduling.moments import Interval
from scheduling.people import Card, Platform, Recipient
from scheduling.sessions.model import Answer, Member, Option, Session, SessionStatus, Vote


def session_of(
    row: AnyRow, members: Iterable[Member], options: Iterable[Option], votes: Iterable[Vote]
) -> Session:
    """Build a session from a row of ``sessions`` and what belongs to it, in order."""
    card = None
    if row.card_message_id is not None:
        card = card_of(row.card_platform, row.card_tenant, row.card_chat_id, row.card_message_id)
    return Session(
        organization_id=OrganizationId(row.organization_id),
        id=SessionId(row.id),
        organizer_id=PersonId(row.organizer_id),
        title=row.title,
        duration=timedelta(seconds=row.duration),
        status=SessionStatus(row.status),
        group=Recipient(Platform(row.group_platform), row.group_tenant, row.group_chat_id),
        request_id=RequestId(row.request_id),
        created_at=row.created_at,
        capacity=row.capacity,
        minimum=row.minimum,
        decide_by=row.decide_by,
        members=tuple(members),
        options=tuple(options),
        votes=tuple(votes),
        event_type_id=None if row.event_type_id is None else EventTypeId(row.event_type_id),
        booking_id=None if row.booking_id is None else BookingId(row.booking_id),
        card=card,
        version=row.version,
        undo_until=row.undo_until,
    )


def session_values(session: Session) -> Values:
    """Return what ``sessions`` stores, but the key and the card."""
    return {
        "organizer_id": session.organizer_id,
        "title": session.title,
        "duration": whole_seconds(session.duration),
        "status": session.status.value,
        "group_platform": session.group.platform.value,
        "group_tenant": session.group.tenant,
        "group_chat_id": session.group.chat_id,
        "request_id": session.request_id,
        "created_at": session.created_at,
        "capacity": session.capacity,
        "minimum": session.minimum,
        "decide_by": session.decide_by,
        "event_type_id": session.event_type_id,
        "booking_id": session.booking_id,
        "version": session.version,
        "undo_until": session.undo_until,
    }


def session_card_values(card: Card | None) -> Values:
    """Return what ``sessions`` stores of its card."""
    return {
        "card_platform": card.chat.platform.value if card else None,
        "card_tenant": card.chat.tenant if card else None,
        "card_chat_id": card.chat.chat_id if card else None,
        "card_message_id": card.message_id if card else None,
    }


def member_of(row: AnyRow) -> Member:
    """Build a member from a row of ``session_members``."""
    return Member(PersonId(row.person_id), row.hours_known, row.nudged_at)


def member_values(member: Member, position: int) -> Values:
    """Return what ``session_members`` stores, but the session."""
    return {
        "person_id": member.person_id,
        "position": position,
        "hours_known": member.hours_known,
        "nudged_at": member.nudged_at,
    }


def option_of(row: AnyRow) -> Option:
    """Build a candidate from a row of ``session_options``."""
    return Option(
        id=OptionId(row.id),
        letter=row.letter,
        time=Interval(row.starts_at, row.ends_at),
        missing=tuple(PersonId(person_id) for person_id in json.loads(row.missing)),
    )


def option_values(option: Option, position: int) -> Values:
    """Return what ``session_options`` stores, but the session."""
    return {
        "id": option.id,
        "letter": option.letter,
        "position": position,
        "starts_at": option.time.start,
        "ends_at": option.time.end,
        "missing": json.dumps(option.missing),
    }


def vote_of(row: AnyRow) -> Vote:
    """Build a vote from a row of ``session_votes``."""
    return Vote(OptionId(row.option_id), PersonId(row.person_id), Answer(row.answer))


def vote_values(vote: Vote, position: int) -> Values:
    """Return what ``session_votes`` stores, but the session."""
    return {
        "option_id": vote.option_id,
        "person_id": vote.person_id,
        "position": position,
        "answer": vote.answer.value,
    }
