"""The dispatcher: what is owed arrives, once, and only while it is true."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from builders.times import at
from postroom import ORGANIZATION, PostRoom
from reminders.dispatch import DispatchLimits
from scheduling.errors import (
    ChatMoved,
    DeliveryDeferred,
    DeliveryUnknown,
    MessageRefused,
    RecipientUnreachable,
)
from scheduling.messages import ChatMessage
from scheduling.notifications import NotificationKind, Urgency
from scheduling.people import Card, Recipient
from scheduling.ports import Claimed

START = at("2030-01-09 10:00")
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
BLOCKED = RecipientUnreachable("blocked")


class TestAnAnswer:
    async def test_given_a_pressed_card_when_booked_then_it_is_edited_and_the_file_follows(
        self, room: PostRoom
    ) -> None:
        _, host_chat, kind = await room.coach()
        student, chat = await room.meet()
        card = Card(chat, "7")
        await room.book(student, kind, START, card)

        await room.dispatcher().run_once()

        own = [sent for sent in room.messenger.log if sent.chat == chat]
        assert [(sent.how, sent.card) for sent in own] == [("edit", card), ("file", own[1].card)]
        assert room.messenger.texts(chat)[0].startswith("Booked.")
        assert "Mia Costa booked Piano lesson" in room.messenger.texts(host_chat)[0]
        assert await room.dispatcher().run_once() == 0

    async def test_given_a_move_and_a_cancel_when_told_then_one_file_is_replaced(
        self, room: PostRoom
    ) -> None:
        booking, student, chat = await room.booked(START)

        booking = await room.move(student, booking, START + timedelta(hours=2), Card(chat, "7"))
        await room.dispatcher().run_once()
        await room.cancel(student, booking, Card(chat, "7"))
        await room.dispatcher().run_once()

        files = [sent for sent in room.messenger.log if sent.how == "file"]
        assert len(files) == 2
        assert {sent.card for sent in files} == {sent.replacing for sent in files}
        contents = [sent.file.content.decode() for sent in files if sent.file]
        assert ["SEQUENCE:1" in contents[0], "SEQUENCE:2" in contents[1]] == [True, True]
        assert "STATUS:CANCELLED" in contents[1]

    async def test_given_little_room_when_all_are_due_then_answers_go_first(
        self, room: PostRoom
    ) -> None:
        early, late = await room.crowd(2)
        waiting = room.clock.now() - MINUTE
        await room.owe(
            *(room.news(early, urgency=Urgency.REMINDER, due_at=waiting) for _ in range(3)),
            *(room.news(early, due_at=waiting) for _ in range(3)),
            room.news(late, urgency=Urgency.ANSWER),
        )
        dispatcher = room.dispatcher(limits=DispatchLimits(parallel=1))

        await dispatcher.run_once()

        order = [sent.chat.chat_id for sent in room.messenger.log]
        assert order[0] == "500001"
        assert len(order) == 7


class TestOnce:
    async def test_given_two_dispatchers_when_they_race_then_each_row_is_sent_once(
        self, room: PostRoom
    ) -> None:
        people = await room.crowd(60)
        await room.owe(*(room.news(person) for person in people))

        counts = await asyncio.gather(room.dispatcher().run_once(), room.dispatcher().run_once())

        chats = [sent.chat for sent in room.messenger.log]
        assert len(chats) == len(set(chats)) == 60
        assert sum(counts) == 60
        assert await room.states() == {"sent": 60}

    async def test_given_a_thousand_rows_when_drained_then_few_are_under_way_at_once(
        self, room: PostRoom
    ) -> None:
        people = await room.crowd(1000)
        await room.owe(*(room.news(person) for person in people))
        under_way = most = 0

        async def count(to: Recipient, *_: object) -> Card:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await asyncio.get_running_loop().run_in_executor(None, int)
            under_way -= 1
            return Card(to, "1")

        room.messenger.send = count  # type: ignore[assignment,method-assign]

        attempts = await room.dispatcher().run_once()

        assert attempts == 1000
        assert 1 < most <= 32
        assert await room.states() == {"sent": 1000}

    async def test_given_rows_behind_a_slow_one_when_the_lease_runs_short_then_they_go_back(
        self, room: PostRoom
    ) -> None:
        (person,) = await room.crowd(1)
        await room.owe(*(room.news(person) for _ in range(3)))
        normally = room.messenger.send

        async def slowly(to: Recipient, message: ChatMessage) -> Card:
            room.clock.advance(timedelta(seconds=7))
            return await normally(to, message)

        room.messenger.send = slowly  # type: ignore[method-assign]
        registry = CollectorRegistry()

        attempts = await room.dispatcher(registry=registry).run_once()

        assert attempts == 4
        assert len(room.messenger.log) == 3
        assert await room.states() == {"sent": 3}
        assert registry.get_sample_value("slotbook_dispatch_leases_lost_total") == 0

    async def test_given_a_process_killed_while_sending_then_another_answers_within_half_a_minute(
        self, room: PostRoom
    ) -> None:
        (person,) = await room.crowd(1)
        await room.owe(room.news(person))
        lease = DispatchLimits().lease
        killed = await room.database.outbox.claim_due(room.clock.now(), limit=1, lease=lease)

        room.clock.advance(timedelta(seconds=30))
        attempts = await room.dispatcher().run_once()

        assert len(killed) == attempts == 1
        assert await room.states() == {"sent": 1}

    async def test_given_an_expired_lease_when_settled_late_then_it_is_a_loud_no_op(
        self, room: PostRoom
    ) -> None:
        (person,) = await room.crowd(1)
        await room.owe(room.news(person))
        registry = CollectorRegistry()
        taken: list[Claimed] = []

        async def slowly(to: Recipient, *_: object) -> Card:
            room.clock.advance(timedelta(seconds=76))
            claimed = await room.database.outbox.claim_due(room.clock.now(), limit=1, lease=MINUTE)
            taken.extend(claimed)
            return Card(to, "1")

        room.messenger.send = slowly  # type: ignore[assignment,method-assign]

        await room.dispatcher(registry=registry).run_once()

        assert [claimed.maybe_sent for claimed in taken] == [True]
        assert await room.states() == {"waiting": 1}
        assert registry.get_sample_value("slotbook_dispatch_leases_lost_total") == 1


class TestOnlyWhileTrue:
    async def test_given_a_row_of_an_earlier_plan_when_due_then_it_is_not_sent(
        self, room: PostRoom
    ) -> None:
        booking, student, _ = await room.booked(START)
        row = room.news(
            student,
            kind=NotificationKind.REMINDER,
            booking_id=booking.id,
            plan_revision=booking.plan_revision - 1,
        )
        await room.owe(row)

        await room.dispatcher().run_once()

        assert room.messenger.log == []
        assert await room.reasons(NotificationKind.REMINDER) == [
            *[("superseded", "changed since it was planned")],
            *[("waiting", None)] * 4,
        ]

    async def test_given_a_cancel_after_the_claim_when_about_to_send_then_nothing_is_sent(
        self, room: PostRoom
    ) -> None:
        booking, _, chat = await room.booked(START)
        host = await room.database.queries.person(ORGANIZATION, booking.host_id)
        room.clock.set(START - timedelta(minutes=10))
        outbox = _Meanwhile(room.database.outbox, lambda: room.cancel(host, booking))

        await room.dispatcher(outbox=outbox, limits=DispatchLimits(parallel=1)).run_once()

        texts = room.messenger.texts(chat)
        assert [text for text in texts if "In 10 minutes" in text] == []
        assert any(text.startswith("Cancelled") for text in texts)

    async def test_given_a_moved_booking_when_its_old_reminder_was_due_then_only_the_new_comes(
        self, room: PostRoom
    ) -> None:
        booking, student, chat = await room.booked(START)
        await room.move(student, booking, START + timedelta(days=1))
        await room.dispatcher().run_once()
        room.messenger.log.clear()
        room.clock.set(START - timedelta(minutes=10))

        await room.dispatcher().run_once()
        nothing_yet = room.messenger.texts(chat)
        room.clock.set(START + timedelta(days=1, minutes=-10))
        await room.dispatcher().run_once()

        assert nothing_yet == []
        assert [text[:13] for text in room.messenger.texts(chat)] == ["In 10 minutes"]

    @pytest.mark.parametrize(
        ("down_until", "expected"),
        [
            (START - timedelta(hours=23), ["Tomorrow, Wed"]),
            (START - timedelta(hours=1), ["In 1 hour, 10"]),
            (START - timedelta(minutes=20), ["In 20 minutes"]),
            (START - timedelta(minutes=4), ["In 4 minutes,"]),
            (START, []),
            (START + timedelta(days=3), []),
        ],
    )
    async def test_given_downtime_when_back_then_one_reminder_tells_the_time_left(
        self, room: PostRoom, down_until: Any, expected: list[str]
    ) -> None:
        _, _, chat = await room.booked(START)
        room.clock.set(down_until)

        await room.dispatcher().run_once()

        assert [text[:13] for text in room.messenger.texts(chat)] == expected


class _Meanwhile:
    """An outbox in which something happens just before the last look at the row."""

    def __init__(self, outbox: Any, happens: Any) -> None:
        self._outbox, self._happens = outbox, happens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._outbox, name)

    async def still_ours(self, claimed: Claimed) -> bool:
        if happens := self._happens:
            self._happens = None
            await happens()
        ours: bool = await self._outbox.still_ours(claimed)
        return ours


class TestRefusals:
    async def test_given_429_for_one_chat_then_others_go_on_and_a_restart_keeps_the_wait(
        self, room: PostRoom
    ) -> None:
        flooded, *others = await room.crowd(6)
        calls: list[str] = []

        def failing(chat: Recipient) -> DeliveryDeferred | None:
            calls.append(chat.chat_id)
            return DeliveryDeferred(30 * SECOND) if chat.chat_id == "500000" else None

        room.messenger.failing = failing
        await room.owe(
            *(room.news(flooded) for _ in range(3)), *(room.news(person) for person in others)
        )

        await room.dispatcher().run_once()
        early = calls.count("500000")
        room.clock.advance(29 * SECOND)
        await room.dispatcher().run_once()
        room.messenger.failing = lambda _: None
        room.clock.advance(SECOND)
        await room.dispatcher().run_once()

        assert (early, calls.count("500000")) == (1, 1)
        assert sorted(set(calls)) == [f"50000{n}" for n in range(6)]
        assert await room.states() == {"sent": 8}

    async def test_given_no_answer_when_repeated_then_never_a_third_time(
        self, room: PostRoom
    ) -> None:
        (person,) = await room.crowd(1)
        await room.owe(room.news(person))
        room.messenger.fail_with(*[DeliveryUnknown("read timeout")] * 5)
        dispatcher = room.dispatcher()

        for _ in range(5):
            await dispatcher.run_once()
            room.clock.advance(MINUTE)

        assert len(room.messenger.failures) == 3
        assert await room.reasons() == [("undeliverable", "no answer twice (read timeout)")]

    async def test_given_a_reminder_without_answer_when_useless_then_it_is_not_repeated(
        self, room: PostRoom
    ) -> None:
        await room.booked(START)
        room.clock.set(START - SECOND)
        room.messenger.fail_with(*[DeliveryUnknown("read timeout")] * 5)
        dispatcher = room.dispatcher()

        await dispatcher.run_once()
        room.clock.advance(MINUTE)
        await dispatcher.run_once()

        assert len(room.messenger.failures) == 3
        assert "waiting" not in await room.states()

    async def test_given_a_blocked_student_then_one_call_is_made_and_the_host_is_told_once(
        self, room: PostRoom
    ) -> None:
        host, host_chat, kind = await room.coach()
        student, chat = await room.meet()
        booking = await room.book(student, kind, START)
        calls: list[Recipient] = []

        def failing(to: Recipient) -> RecipientUnreachable | None:
            calls.append(to)
            return BLOCKED if to == chat else None

        room.messenger.failing = failing

        await room.dispatcher().run_once()
        for lead in (timedelta(hours=24), timedelta(hours=1), timedelta(minutes=10)):
            room.clock.set(START - lead)
            await room.dispatcher().run_once()

        assert calls.count(chat) == 1
        told = [text for text in room.messenger.texts(host_chat) if "reach" in text]
        assert len(told) == 1
        assert "Mia" in told[0]
        assert booking.host_id == host.id

    async def test_given_a_blocked_host_when_news_cannot_arrive_then_nobody_goes_in_circles(
        self, room: PostRoom
    ) -> None:
        _, host_chat, kind = await room.coach()
        student, chat = await room.meet()
        await room.book(student, kind, START)
        room.messenger.failing = lambda _: BLOCKED

        await room.dispatcher().run_once()
        await room.dispatcher().run_once()

        assert room.messenger.log == []
        states = await room.states()
        assert states == {"undeliverable": 3, "waiting": 4}
        assert host_chat != chat

    async def test_given_a_second_chat_when_the_first_is_blocked_then_that_one_is_used(
        self, room: PostRoom
    ) -> None:
        student, chat = await room.meet()
        other = await room.second_chat(student, "2001")
        room.messenger.failing = lambda to: BLOCKED if to == chat else None
        await room.owe(room.news(student, card=Card(chat, "7")), room.news(student))

        await room.dispatcher().run_once()

        assert [(sent.how, sent.chat) for sent in room.messenger.log] == [("send", other)] * 2
        accounts = await room.database.queries.accounts(ORGANIZATION, student.id)
        assert [account.reachable for account in accounts] == [False, True]

    async def test_given_a_moved_chat_when_sent_then_the_new_id_is_used_from_then_on(
        self, room: PostRoom
    ) -> None:
        (person,) = await room.crowd(1)
        room.messenger.fail_with(ChatMoved("-100777"))
        await room.owe(room.news(person), room.news(person))

        await room.dispatcher().run_once()

        assert {sent.chat.chat_id for sent in room.messenger.log} == {"-100777"}
        assert await room.states() == {"sent": 2}

    async def test_given_a_message_of_ours_refused_then_it_ends_with_its_reason(
        self, room: PostRoom
    ) -> None:
        (person,) = await room.crowd(1)
        room.messenger.fail_with(MessageRefused("can't parse"))
        await room.owe(room.news(person))

        await room.dispatcher().run_once()

        assert await room.reasons() == [("undeliverable", "refused: can't parse")]

    async def test_given_a_whole_bot_limit_when_hit_then_nothing_is_sent_until_it_ends(
        self, room: PostRoom
    ) -> None:
        people = await room.crowd(40)
        await room.owe(*(room.news(person) for person in people))
        room.messenger.fail_with(DeliveryDeferred(MINUTE, whole_bot=True))
        dispatcher = room.dispatcher()

        await dispatcher.run_once()
        before = len(room.messenger.log)
        room.clock.advance(59 * SECOND)
        await dispatcher.run_once()
        still = len(room.messenger.log)
        room.clock.advance(SECOND)
        await dispatcher.run_once()

        assert before == still < 32
        assert await room.states() == {"sent": 40}


class TestDefects:
    async def test_given_a_row_that_cannot_be_worded_when_drained_then_the_others_go(
        self, room: PostRoom
    ) -> None:
        people = await room.crowd(3)
        broken = room.news(people[0], kind=NotificationKind.BOOKED)
        await room.owe(broken, room.news(people[1]), room.news(people[2]))
        dispatcher = room.dispatcher()

        for _ in range(6):
            await dispatcher.run_once()
            room.clock.advance(MINUTE)

        assert len(room.messenger.log) == 2
        assert sorted(await room.reasons(), key=str) == [
            ("sent", None),
            ("sent", None),
            ("undeliverable", "failed too often"),
        ]

    async def test_given_a_messenger_that_breaks_in_the_middle_then_it_is_asked_twice_at_most(
        self, room: PostRoom
    ) -> None:
        (person,) = await room.crowd(1)
        await room.owe(room.news(person))
        calls: list[Recipient] = []

        async def breaking(to: Recipient, *_: object) -> Card:
            calls.append(to)
            raise KeyError("a defect")

        room.messenger.send = breaking  # type: ignore[assignment,method-assign]
        dispatcher = room.dispatcher()

        for _ in range(6):
            await dispatcher.run_once()
            room.clock.advance(MINUTE)

        assert len(calls) == 2
        assert await room.reasons() == [("undeliverable", "no answer twice (KeyError)")]

    async def test_given_words_that_arrived_when_only_the_file_waits_then_they_are_not_repeated(
        self, room: PostRoom
    ) -> None:
        _, _, kind = await room.coach()
        student, chat = await room.meet()
        await room.book(student, kind, START)
        refuse = room.messenger.send_file
        room.messenger.send_file = _deferring  # type: ignore[method-assign]
        dispatcher = room.dispatcher()

        await dispatcher.run_once()
        room.messenger.send_file = refuse  # type: ignore[method-assign]
        room.clock.advance(10 * SECOND)
        await dispatcher.run_once()

        own = [sent.how for sent in room.messenger.log if sent.chat == chat]
        assert own == ["send", "edit", "file"]


async def _deferring(*_: object, **__: object) -> Card:
    raise DeliveryDeferred(5 * SECOND)
