"""The dispatcher as a part: wakes, keeps the pace, says what is wrong, and stops without loss."""

import asyncio
import threading
from datetime import timedelta
from typing import Any

from builders.people import a_recipient
from doubles import FakeClock, RecordingMessenger
from postroom import PostRoom
from reminders.dispatch import Dispatcher, DispatchLimits
from reminders.pace import Pace
from scheduling.errors import StoreUnavailable
from scheduling.messages import ChatMessage
from scheduling.notifications import Urgency
from scheduling.people import Card, Platform, Recipient
from scheduling.ports import Claimed, Settlement
from tasks import a_moment, until

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


class HeldMessenger(RecordingMessenger):
    """Holds every send of one chat until it is let go."""

    def __init__(self, held: str) -> None:
        super().__init__(Platform.TELEGRAM)
        self.held, self.go, self.begun = held, asyncio.Event(), 0

    async def send(self, to: Recipient, message: ChatMessage) -> Card:
        self.begun += 1
        if to.chat_id == self.held:
            await self.go.wait()
        return await super().send(to, message)


class TestRunning:
    async def test_given_it_runs_when_woken_from_another_thread_then_what_is_due_goes(
        self, room: PostRoom
    ) -> None:
        (person,) = await room.crowd(1)
        dispatcher = room.dispatcher()

        async with dispatcher.running():
            await a_moment()
            await room.owe(room.news(person))
            threading.Thread(target=dispatcher.wake).start()
            await until(_logged(room), 1)
            trouble = dispatcher.trouble(room.clock.now())

        assert trouble is None
        assert dispatcher.trouble(room.clock.now()) == "not running"

    async def test_given_a_stuck_chat_when_others_are_due_then_they_do_not_wait(
        self, room: PostRoom
    ) -> None:
        stuck, *others = await room.crowd(5)
        room.messenger = messenger = HeldMessenger("500000")
        await room.owe(*(room.news(person) for person in [stuck, stuck, *others]))

        async with room.dispatcher().running():
            await until(_logged(room), 4)
            before = {sent.chat.chat_id for sent in messenger.log}
            messenger.go.set()
            await until(_logged(room), 6)

        assert before == {"500001", "500002", "500003", "500004"}
        assert await room.states() == {"sent": 6}

    async def test_given_one_person_when_several_are_due_then_they_arrive_in_order(
        self, room: PostRoom
    ) -> None:
        (person,) = await room.crowd(1)
        now = room.clock.now()
        cards = [Card(a_recipient("500000"), str(number)) for number in range(12)]
        await room.owe(
            *(
                room.news(person, card=card, due_at=now - timedelta(seconds=60 - number))
                for number, card in enumerate(cards)
            )
        )

        await room.dispatcher().run_once()

        assert [sent.card for sent in room.messenger.log] == cards

    async def test_given_a_store_that_went_away_when_it_is_back_then_sending_goes_on(
        self, room: PostRoom
    ) -> None:
        (person,) = await room.crowd(1)
        await room.owe(room.news(person))
        outbox = _Away(room.database.outbox)
        dispatcher = room.dispatcher(outbox=outbox)

        async with dispatcher.running():
            await until(_troubled(room, dispatcher), 1)
            away = dispatcher.trouble(room.clock.now())
            outbox.is_away = False
            dispatcher.wake()
            await until(_logged(room), 1)
            await until(_untroubled(room, dispatcher), 1)

        assert away is not None
        assert "database cannot be reached" in away

    async def test_given_the_store_away_when_settling_then_the_message_is_not_repeated(
        self, room: PostRoom
    ) -> None:
        (person,) = await room.crowd(1)
        await room.owe(room.news(person))
        outbox = _Away(room.database.outbox)
        outbox.is_away, outbox.settles_after = False, 2
        dispatcher = room.dispatcher(outbox=outbox)

        async with dispatcher.running():
            await until(_logged(room), 1)
            for _ in range(3):
                await a_moment()
                room.clock.advance(SECOND)
            await until(_sent(room), 1)

        assert len(room.messenger.log) == 1

    async def test_given_rows_nobody_takes_when_a_minute_has_passed_then_it_is_trouble(
        self, room: PostRoom
    ) -> None:
        (person,) = await room.crowd(1)
        await room.owe(room.news(person, due_at=room.clock.now() - 2 * MINUTE))
        blocked = Pace(bot_burst=0)
        dispatcher = room.dispatcher(pace=blocked)

        async with dispatcher.running():
            await until(_troubled(room, dispatcher), 1)
            trouble = dispatcher.trouble(room.clock.now())

        assert trouble == "notifications are overdue by 0:02:00"


class TestStopping:
    async def test_given_a_send_under_way_when_stopped_then_it_is_finished_and_settled(
        self, room: PostRoom
    ) -> None:
        slow, _ = people = await room.crowd(2)
        room.messenger = messenger = HeldMessenger("500000")
        await room.owe(*(room.news(person) for person in [*people, slow]))

        async with room.dispatcher().running():
            await until(_logged(room), 1)
            asyncio.get_running_loop().call_later(0.05, messenger.go.set)

        assert await room.states() == {"sent": 2, "waiting": 1}
        assert await room.dispatcher().run_once() == 1
        assert await room.states() == {"sent": 3}

    async def test_given_a_send_that_never_ends_when_stopped_then_it_may_be_repeated_once(
        self, room: PostRoom
    ) -> None:
        people = await room.crowd(1)
        room.messenger = messenger = HeldMessenger("500000")
        await room.owe(*(room.news(person) for person in people))
        limits = DispatchLimits(drain=timedelta(milliseconds=20))

        async with room.dispatcher(limits=limits).running():
            await until(_begun(messenger), 1)
        room.clock.advance(MINUTE)
        messenger.go.set()
        again = await room.database.outbox.claim_due(room.clock.now(), limit=1, lease=MINUTE)

        assert [claimed.maybe_sent for claimed in again] == [True]

    async def test_given_a_send_without_end_when_its_time_is_over_then_the_outcome_is_unknown(
        self, room: PostRoom
    ) -> None:
        (person,) = await room.crowd(1)
        room.messenger = messenger = HeldMessenger("500000")
        await room.owe(room.news(person))
        dispatcher = room.dispatcher()

        async with dispatcher.running():
            await until(_begun(messenger), 1)
            await a_moment()
            room.clock.advance(21 * SECOND)
            await until(_named(room, "no answer in time"), 1)
            messenger.go.set()
            room.clock.advance(10 * SECOND)
            dispatcher.wake()
            await until(_logged(room), 1)

        assert messenger.begun == 2
        assert await room.states() == {"sent": 1}


class TestPace:
    async def test_given_more_news_than_a_chat_takes_then_the_rest_comes_second_by_second(
        self, room: PostRoom
    ) -> None:
        busy, other = await room.crowd(2)
        await room.owe(*(room.news(busy) for _ in range(6)), room.news(other))
        dispatcher = room.dispatcher(pace=Pace(chat_burst=3))
        sent = []

        for _ in range(5):
            await dispatcher.run_once()
            sent.append(len(room.messenger.log))
            room.clock.advance(SECOND)

        assert sent == [4, 5, 6, 7, 7]

    async def test_given_a_spent_burst_when_an_answer_is_due_then_it_goes_at_once(
        self, room: PostRoom
    ) -> None:
        (person,) = await room.crowd(1)
        await room.owe(*(room.news(person) for _ in range(4)))
        dispatcher = room.dispatcher(pace=Pace(chat_burst=1))
        await dispatcher.run_once()
        answer = room.news(person, urgency=Urgency.ANSWER, card=Card(a_recipient("500000"), "7"))
        await room.owe(answer)

        await dispatcher.run_once()

        assert [sent.how for sent in room.messenger.log] == ["send", "edit"]

    async def test_given_a_crowd_when_drained_then_the_bot_keeps_its_pace_and_room_for_answers(
        self, room: PostRoom
    ) -> None:
        *crowd, presser = await room.crowd(60)
        await room.owe(*(room.news(person, urgency=Urgency.REMINDER) for person in crowd))
        dispatcher = room.dispatcher(pace=Pace(bot_burst=25, kept_for_answers=5))

        await dispatcher.run_once()
        first = len(room.messenger.log)
        await room.owe(room.news(presser, urgency=Urgency.ANSWER))
        await dispatcher.run_once()
        with_answer = len(room.messenger.log)
        room.clock.advance(SECOND)
        await dispatcher.run_once()

        assert (first, with_answer) == (20, 21)
        assert len(room.messenger.log) <= 21 + 25

    async def test_given_a_clock_set_back_when_messages_are_due_then_nobody_waits_an_hour(
        self, room: PostRoom, clock: FakeClock
    ) -> None:
        people = await room.crowd(30)
        dispatcher = room.dispatcher(pace=Pace())
        await room.owe(*(room.news(person) for person in people[:20]))
        await dispatcher.run_once()

        clock.set(clock.now() - timedelta(hours=1))
        await room.owe(*(room.news(person) for person in people[20:]))
        await dispatcher.run_once()
        clock.advance(SECOND)
        await dispatcher.run_once()

        assert len(room.messenger.log) == 30


class _Away:
    """An outbox whose database is away, or answers settling only after some tries."""

    def __init__(self, outbox: Any) -> None:
        self._outbox, self.is_away, self.settles_after = outbox, True, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._outbox, name)

    async def claim_due(self, *args: Any, **options: Any) -> list[Claimed]:
        if self.is_away:
            raise StoreUnavailable
        claimed: list[Claimed] = await self._outbox.claim_due(*args, **options)
        return claimed

    async def settle(self, claimed: Claimed, settlement: Settlement, now: Any) -> bool:
        if self.settles_after:
            self.settles_after -= 1
            raise StoreUnavailable
        ours: bool = await self._outbox.settle(claimed, settlement, now)
        return ours


def _logged(room: PostRoom) -> Any:
    async def count() -> int:
        return len(room.messenger.log)

    return count


def _begun(messenger: HeldMessenger) -> Any:
    async def count() -> int:
        return messenger.begun

    return count


def _troubled(room: PostRoom, dispatcher: Dispatcher) -> Any:
    async def count() -> int:
        return int(dispatcher.trouble(room.clock.now()) is not None)

    return count


def _untroubled(room: PostRoom, dispatcher: Dispatcher) -> Any:
    async def count() -> int:
        return int(dispatcher.trouble(room.clock.now()) is None)

    return count


def _sent(room: PostRoom) -> Any:
    async def count() -> int:
        return (await room.states()).get("sent", 0)

    return count


def _named(room: PostRoom, reason: str) -> Any:
    async def count() -> int:
        return sum(why == reason for _, why in await room.reasons())

    return count
