"""One person in two chats: the last used one first, the other when that one is closed."""

from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from builders.people import a_recipient
from doubles import RecordingMessenger
from postroom import ORGANIZATION, UNHURRIED, PostRoom
from reminders.dispatch import Dispatcher
from scheduling.errors import RecipientUnreachable
from scheduling.people import AccountKey, ChatAccount, Person, Platform, Recipient
from scheduling.ports import Transaction

HOUR = timedelta(hours=1)


class TwoChats:
    """A post room that reaches people in Telegram and in Slack."""

    def __init__(self, room: PostRoom) -> None:
        self.room = room
        self.slack = RecordingMessenger(Platform.SLACK)
        both = {Platform.TELEGRAM: room.messenger, Platform.SLACK: self.slack}
        self.dispatcher = Dispatcher(
            room.ports(messengers=both),
            paces={Platform.TELEGRAM: UNHURRIED, Platform.SLACK: UNHURRIED},
            registry=CollectorRegistry(),
        )

    async def joins_slack(self, person: Person, *, used: timedelta) -> Recipient:
        """Give somebody a Slack account, used so much later than now."""
        key = AccountKey(Platform.SLACK, "T1", "U1")
        seen = self.room.clock.now() + used
        account = ChatAccount(key, person.id, "D1", None, "en", True, seen)

        def put(tx: Transaction) -> None:
            tx.people.put_account(account)

        await self.room.database.store.transact(ORGANIZATION, put)
        return Recipient(Platform.SLACK, "T1", "D1")

    async def moves_to_slack(self, person: Person) -> None:
        """Let somebody be in Slack alone."""
        await self.joins_slack(person, used=HOUR)
        await self.room.people.unreachable(a_recipient("1001"))

    async def is_told(self, person: Person) -> None:
        await self.room.owe(self.room.news(person))
        await self.dispatcher.run_once()


@pytest.fixture
def chats(room: PostRoom) -> TwoChats:
    return TwoChats(room)


class TestWhere:
    async def test_given_two_chats_when_told_then_it_comes_where_they_were_last(
        self, chats: TwoChats
    ) -> None:
        mia, _ = await chats.room.meet()
        await chats.joins_slack(mia, used=HOUR)

        await chats.is_told(mia)

        assert (len(chats.slack.log), len(chats.room.messenger.log)) == (1, 0)

    async def test_given_slack_used_before_when_told_then_it_comes_in_telegram(
        self, chats: TwoChats
    ) -> None:
        mia, _ = await chats.room.meet()
        await chats.joins_slack(mia, used=-HOUR)

        await chats.is_told(mia)

        assert (len(chats.slack.log), len(chats.room.messenger.log)) == (0, 1)

    async def test_given_the_last_chat_is_closed_when_told_then_the_other_one_is_used(
        self, chats: TwoChats
    ) -> None:
        mia, _ = await chats.room.meet()
        await chats.joins_slack(mia, used=HOUR)
        chats.slack.failing = lambda _: RecipientUnreachable("account_inactive")

        await chats.is_told(mia)

        assert len(chats.room.messenger.log) == 1


class TestAcross:
    async def test_given_a_coach_in_slack_when_a_student_in_telegram_books_then_it_says_so(
        self, chats: TwoChats
    ) -> None:
        ana, _, lesson = await chats.room.coach()
        await chats.moves_to_slack(ana)
        mia, telegram = await chats.room.meet()

        await chats.room.book(mia, lesson, chats.room.clock.now() + 24 * HOUR)
        await chats.dispatcher.run_once()

        (told,) = chats.slack.texts()
        assert told == (
            "Tue 8 Jan, 09:00-10:00 · Mia Costa booked Piano lesson."
            " Mia is on Telegram; answer here and I pass it on."
        )
        assert chats.room.messenger.texts(telegram)[0].startswith("Booked.")

    async def test_given_both_in_one_chat_when_booked_then_nothing_is_said_of_chats(
        self, chats: TwoChats
    ) -> None:
        _, coach, lesson = await chats.room.coach()
        mia, _ = await chats.room.meet()

        await chats.room.book(mia, lesson, chats.room.clock.now() + 24 * HOUR)
        await chats.dispatcher.run_once()

        assert chats.room.messenger.texts(coach) == [
            "Tue 8 Jan, 09:00-10:00 · Mia Costa booked Piano lesson."
        ]

    async def test_given_two_chats_when_notes_go_both_ways_then_each_reads_them_in_their_own(
        self, chats: TwoChats
    ) -> None:
        ana, _, lesson = await chats.room.coach()
        await chats.moves_to_slack(ana)
        mia, telegram = await chats.room.meet()
        booking = await chats.room.book(mia, lesson, chats.room.clock.now() + 24 * HOUR)
        await chats.dispatcher.run_once()

        await chats.room.note(mia, booking, "May I bring my own book?")
        await chats.room.note(ana, booking, "Please do.")
        await chats.dispatcher.run_once()

        assert chats.slack.texts()[1].endswith("May I bring my own book?")
        assert any(text.endswith("Please do.") for text in chats.room.messenger.texts(telegram))
