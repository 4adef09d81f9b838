"""Everybody at everything in Slack: what is there to be pressed, and hands to press it with.

Each cell of the table is somebody of their own, so that what they hear can be told apart.
"""

import asyncio
import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select

from bots.access import Kind, Who
from bots.callback_data import encode
from bots.slack.again import AGAIN
from builders.times import at
from fake_slack import TEAM, member
from persistence.tables import outbox
from scheduling.commands import BookSlot
from scheduling.event_type_change import EventTypeChange
from scheduling.grammar.hours_line import parse_hours_line
from scheduling.ids import DEFAULT_ORGANIZATION, DraftId, RequestId, new_id
from scheduling.messages import Action
from scheduling.model import Booking, EventType
from scheduling.moments import Interval
from scheduling.people import AccountKey, Actor, Person, Platform, Recipient
from scheduling.people import Role as CoreRole
from scheduling.people_service import AccountFacts
from scheduling.ports import Draft
from scheduling.sessions.commands import AskTimes, JoinSession, OpenSession
from scheduling.sessions.model import Session
from slack_desk import Desk

CHANNEL = "C0DESIGN"
HOST, ATTENDEE, ORGANIZER = "U0ANA", "U0MIA", "U0BO"
FLOWS = {
    "zone": "zone", "note": "unnote", "compare": "cmpweek cmpask", "sessionl": "suse",
    "booking": """coach coaches types length month day part time same back book retake skip
               reask movego""",
    "line": "use", "cancel": "cancelgo keep", "session": "slen sat sask sweek", "saddt": "saddt",
    "week": "chghrs hrsback dur savehrs hrspic", "off": "offgo spanuse", "share": "share",
    "about": "aboutset", "type": "typeset", "decline": "declgo", "me": "meset",
}  # fmt: skip
"""The drafts that buttons name, and which buttons those are."""
BACKGROUND = {"changes", "changed_topics", "live_cards", "live_card_topics", "outbox"}
"""Tables that are worked on behind everybody's back; what is added to the outbox is asked apart."""
_DOOR = ("Booking here is for members", "cannot see who you are")
NOT_YOURS = ("That is not yours", "This one is ", "Only who asked", "Only Bo ", "Only those who")


class Role(StrEnum):
    """Who walks."""

    MEMBER = "MEMBER"
    COACH = "COACH"
    ADMIN = "ADMIN"
    GUEST = "GUEST"
    STRANGER = "STRANGER"
    OTHER_TEAM = "OTHER"
    BOT = "ROBOT"
    DEACTIVATED = "GONE"


FACTS: Mapping[Role, Mapping[str, Any]] = {
    Role.GUEST: {"is_restricted": True},
    Role.STRANGER: {"is_stranger": True, "team_id": "T0X"},
    Role.OTHER_TEAM: {"team_id": "T0OTHER"},
    Role.BOT: {"is_bot": True},
    Role.DEACTIVATED: {"deleted": True},
}
"""What Slack tells of them."""
INSIDERS = (Role.MEMBER, Role.COACH, Role.ADMIN)
VISITORS = (Role.GUEST, Role.STRANGER, Role.OTHER_TEAM)
NOBODY = (Role.BOT, Role.DEACTIVATED)


@dataclass(frozen=True)
class Things:
    """What belongs to somebody: to press at."""

    people: Mapping[str, Person]
    kind: EventType
    booking: Booking
    request: Booking
    poll: Session
    meeting: Session
    seat: str
    opening: str
    time_off: str
    undo: str
    drafts: Mapping[str, Draft]
    """Of the attendee, by flow."""


@dataclass
class Walk:
    """Somebody at one row after the other."""

    desk: Desk
    things: Things
    said: dict[str, list[str]] = field(default_factory=dict)
    """What came back in answer to a request, by who sent it."""

    async def people(self, role: Role, names: Iterable[str]) -> None:
        """Bring people of a role in: Slack knows them, and roles are given."""
        facts = FACTS.get(role, {})
        services = self.desk.slotbook.services.people
        for user in names:
            self.desk.slack.users[user] = member(user, f"{role.capitalize()} {user[1:]}", **facts)
            granted = {Role.COACH: CoreRole.COACH, Role.ADMIN: CoreRole.ADMIN}.get(role)
            if granted is not None:
                person = await meet(self.desk, user)
                await services.grant(DEFAULT_ORGANIZATION, person.id, granted, None)

    async def use(self, user: str, kind: Kind, name: str, who: Who, mark: str = "") -> None:
        """Let somebody do it; what they press at is somebody's it may belong to."""
        for number, (given, payload) in enumerate(self.tries(kind, name, who)):
            await self._send(f"{user}{mark}", user, given, payload, number)

    def heard(self) -> dict[str, list[str]]:
        """Return everything that anybody was sent, as JSON, by who it was."""
        found: dict[str, list[str]] = {user: list(said) for user, said in self.said.items()}
        for call in self.desk.slack.calls:
            given = call.arguments
            names = {str(given.get("url", "")).rpartition("/")[2]}
            names.add(str(given.get("trigger_id", "")).partition(".")[0])
            names.add(str(given.get("view_id", ""))[1:])
            if call.method.startswith(("chat.", "views.")):
                names |= {str(given.get("user", "")), str(given.get("user_id", ""))}
                names |= {"U" + str(given.get("channel", ""))[1:]}
            for name in names - {""}:
                found.setdefault(name, []).append(json.dumps(given, ensure_ascii=False))
        return found

    # --- requests ---

    def tries(self, kind: Kind, name: str, who: Who) -> list[tuple[str, dict[str, Any]]]:
        """Return what somebody sends to use a row, and how."""
        match kind:
            case Kind.COMMAND:
                return [("command", {"text": name})]
            case Kind.PRESS:
                return [("press", self._button(name, *at_)) for at_ in self._pressed(name, who)]
            case Kind.TEXT:
                element = {"type": "plain_text_input", "value": "10 min"}
                draft = self.things.drafts["note"]
                return [("press", {**element, "action_id": f"type.{draft.id}"})]
            case Kind.OTHERWISE:
                return [("message", {"text": "good morning"})]
            case Kind.ACTION if name == AGAIN:
                again = json.dumps({"command": "/slotbook", "text": "my"})
                return [("press", {"type": "button", "action_id": f"{name}~1", "value": again})]
            case Kind.ACTION:
                element = {"type": "button", "action_id": name, "value": self.things.kind.id}
                if name == "sb.guests":
                    return [("press", {**element, "value": "open"})]
                return [("in view", {**element, "view": self._view(name)})]
            case Kind.SUBMISSION:
                return [("submission", {"view": self._view(name)})]
            case Kind.CLOSED:
                return [("closed", {"view": self._view(name)})]
            case Kind.OPTIONS:
                return [("options", {"action_id": name})]
            case Kind.SHORTCUT:
                return [("shortcut", {"callback_id": name})]
            case Kind.HOME:
                return [("home", {})]
            case _:
                return []

    def _pressed(self, verb: str, who: Who) -> list[tuple[str, int, str]]:
        """Return the buttons of that verb that stand on somebody's cards."""
        things = self.things
        booked = [(each.id, each.plan_revision) for each in (things.booking, things.request)]
        met = [(each.id, each.version) for each in (things.poll, things.meeting)]
        match who:
            case Who.OWN:
                flow = next(flow for flow, verbs in FLOWS.items() if verb in verbs.split())
                draft = things.drafts[flow]
                return [(draft.id, draft.revision, "use")]
            case Who.SIDE | Who.ATTENDEE | Who.HOST:
                return [(one, rev, "10" if verb == "late" else "") for one, rev in booked]
            case Who.ASKED | Who.SEATED | Who.ORGANIZER | Who.DECIDER:
                argument = {
                    "svote": "Ay",
                    "svall": "y",
                    "ssettle": "A",
                    "soffer": f"t{things.seat}",
                }
                return [(one, rev, argument.get(verb, "")) for one, rev in met]
            case Who.OWNER:
                named = {
                    "undohrs": things.undo, "openend": things.opening, "offend": things.time_off,
                }  # fmt: skip
                return [(named.get(verb, things.kind.id), things.kind.version, "")]
            case Who.ADMIN:
                return [(things.people[ATTENDEE].id, 0, "")]
            case _ if verb in {"sjoin", "swait", "sshow", "sview"}:
                return [(things.meeting.id, 0, "")]
            case _:
                return [("", 0, "")]

    @staticmethod
    def _button(verb: str, subject: str, revision: int, argument: str) -> dict[str, Any]:
        value = encode(Action("x", verb, subject, revision, argument))
        return {"type": "button", "action_id": f"{value}~0", "value": value}

    def _view(self, name: str) -> dict[str, Any]:
        draft = next((d for flow, d in self.things.drafts.items() if name.startswith(flow)), None)
        typed = {"type": "plain_text_input", "value": "tomorrow"}
        return {
            "id": "", "type": "modal", "callback_id": name, "hash": "1.x",
            "private_metadata": draft.id if draft else "",
            "state": {"values": {"words": {f"{name}.text": typed}}},
        }  # fmt: skip

    async def _send(
        self, walker: str, user: str, what: str, given: dict[str, Any], number: int
    ) -> None:
        desk, claimed = self.desk, self.desk.slack.users[user]["team_id"]
        common: dict[str, Any] = {
            "user": {"id": user, "username": "x", "team_id": claimed},
            "team": {"id": TEAM, "domain": "acme"},
            "trigger_id": f"{walker}.{number}.{what.replace(' ', '')}",
        }
        url = desk.slack.response_url(walker)
        view = {**given["view"], "id": f"V{walker}"} if "view" in given else None
        in_view = {"view": view, "container": {"type": "view", "view_id": f"V{walker}"}}
        event_id = f"Ev{walker}{number}"
        direct = f"D{user[1:]}"
        match what:
            case "command":
                answer = await desk.command(
                    given["text"], user=user, response_url=url, trigger_id=common["trigger_id"]
                )
            case "press":
                answer = await desk.press(given, **{**common, "user": user}, response_url=url)
            case "in view":
                action = {k: v for k, v in given.items() if k != "view"} | {"block_id": "b"}
                answer = await desk.interact(
                    {**common, **in_view, "type": "block_actions", "actions": [action]}
                )
            case "submission" | "closed":
                answer = await desk.interact({**common, **in_view, "type": f"view_{what}"})
            case "options":
                answer = await desk.interact(
                    {**common, **given, "type": "block_suggestion", "value": "a", "block_id": "b"}
                )
            case "shortcut":
                answer = await desk.interact({**common, **given, "type": "shortcut"})
            case "message":
                said = {"type": "message", "channel_type": "im", "ts": "1.1", **given}
                answer = await desk.event({**said, "user": user, "channel": direct}, event_id)
            case _:
                opened = {"type": "app_home_opened", "tab": "home", "channel": direct}
                answer = await desk.event({**opened, "user": user}, event_id)
        assert answer.status_code == 200, (walker, what, answer.status_code)
        if answer.text:
            self.said.setdefault(walker, []).append(answer.text)


def refused_at_the_door(heard: Iterable[str]) -> bool:
    """Say whether somebody was told whom slotbook is for."""
    return any(words in each for each in heard for words in _DOOR)


def refused_as_not_theirs(heard: Iterable[str]) -> bool:
    """Say whether somebody was told that a thing is another's."""
    return any(words in each for each in heard for words in NOT_YOURS)


def contents(desk: Desk, *, without: Iterable[str]) -> dict[str, set[str]]:
    """Return every row of the database by table, but for these tables."""
    url = desk.slotbook.settings.database_url.get_secret_value()
    left_out = {"inbox", "profiles", "leases", "conversation_leases", "sqlite_sequence", *without}
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: {repr(row) for row in connection.execute(f'SELECT * FROM "{name}"')}  # noqa: S608
            for (name,) in names.fetchall()
            if name not in left_out
        }


async def calm(desk: Desk) -> None:
    """Wait until everything is handled, and nothing that is due waits to be sent."""
    due = select(outbox.c.id).where(
        outbox.c.state.in_(["waiting", "claimed"]), outbox.c.due_at <= bindparam("now")
    )
    await desk.settled()
    async with asyncio.timeout(20):
        while await desk.slotbook.database.reader.first(due, {"now": desk.clock.now()}):
            await desk.pause()


async def meet(desk: Desk, user: str) -> Person:
    """Let slotbook know somebody of the workspace."""
    facts = AccountFacts(
        AccountKey(Platform.SLACK, TEAM, user), f"D{user[1:]}",
        desk.slack.users[user]["real_name"], None, "en-US", zone="Europe/Berlin", is_profile=True,
    )  # fmt: skip
    return (await desk.slotbook.services.people.meet(DEFAULT_ORGANIZATION, facts))[1]


async def things(desk: Desk) -> Things:
    """Make a host's, an attendee's and an organizer's things."""
    services, now = desk.slotbook.services, desk.clock.now()
    desk.slack.users[ATTENDEE] = member(ATTENDEE, "Mia Costa")
    people = {user: await meet(desk, user) for user in (HOST, ATTENDEE, ORGANIZER)}
    host, mia, bo = (Actor(DEFAULT_ORGANIZATION, each.id) for each in people.values())
    week = parse_hours_line("mon-sun 9-17", today=now.date())
    an_hour = timedelta(hours=1)
    await services.people.grant(DEFAULT_ORGANIZATION, host.person_id, CoreRole.COACH, None)
    kind = await services.hosting.become_coach(host, week, an_hour, _id(), title="Piano lesson")
    trial = await services.hosting.add_event_type(host, an_hour, "Trial", _id())
    trial = await services.hosting.change(host, trial.id, EventTypeChange(approval=True))
    booked = [
        await services.booking.book(
            BookSlot(actor=mia, event_type_id=each.id, start=start, request_id=_id())
        )
        for each, start in ((kind, at("2026-11-25 10:00")), (trial, at("2026-11-26 10:00")))
    ]
    opened = await services.hours.open(
        host, Interval(at("2026-11-28 18:00"), at("2026-11-28 19:00")), _id()
    )
    off = await services.hours.off(
        host, Interval(at("2026-12-10 09:00"), at("2026-12-10 12:00")), _id(), cancel_hit=False
    )
    channel = Recipient(Platform.SLACK, TEAM, CHANNEL)
    first = at("2026-12-01 10:00")
    poll = await services.sessions.ask(
        AskTimes(
            actor=bo, title="Retro", duration=an_hour, members=(mia.person_id,), group=channel,
            times=tuple(Interval(t, t + an_hour) for t in (first, first + 3 * an_hour)),
            request_id=_id(),
        )
    )  # fmt: skip
    meeting = await services.sessions.open(
        OpenSession(
            actor=bo, title="Portfolio hour", start=at("2026-12-02 10:00"), duration=an_hour,
            group=channel, request_id=_id(), seats=50,
        )
    )  # fmt: skip
    seats = await services.sessions.join(
        JoinSession(actor=mia, session_id=meeting.id, request_id=_id())
    )
    seat = seats.seat_of(mia.person_id)
    assert seat is not None
    drafts = {}
    awaited = {"note": "note", "me": "me.part", "cancel": "reason", "zone": "zone"}
    in_windows = ("sb.book", "sb.cancel", "sb.decline", "sb.hours", "sb.note", "sb.off", "sb.open",
                  "sb.session", "sb.share", "sb.type")  # fmt: skip
    for flow in (*FLOWS, *in_windows):
        draft = Draft(
            organization_id=DEFAULT_ORGANIZATION,
            id=DraftId(new_id()),
            person_id=mia.person_id,
            chat=Recipient(Platform.SLACK, TEAM, f"D{ATTENDEE[1:]}"),
            flow=flow,
            data={"booking": booked[0].id, "asked": awaited.get(flow, flow)},
            awaits=awaited.get(flow, ""),
        )
        drafts[flow] = await desk.slotbook.database.drafts.save(draft, now)
    return Things(
        people=people, kind=kind, booking=booked[0], request=booked[1], poll=poll,
        meeting=meeting, seat=seat.id, opening=opened.id, time_off=off.time_off.id,
        undo=off.undo_id, drafts=drafts,
    )  # fmt: skip


def _id() -> RequestId:
    return RequestId(new_id())
