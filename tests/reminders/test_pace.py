"""How soon the next message may go."""

from datetime import timedelta

from builders.people import a_recipient
from builders.times import at
from reminders.pace import Bucket, Gate, Pace
from scheduling.ids import NotificationId
from scheduling.people import Platform

NOW = at("2030-01-07 09:00")
SECOND = timedelta(seconds=1)
CHAT = a_recipient("1001")


def a_gate(**changes: object) -> Gate:
    return Gate({Platform.TELEGRAM: Pace(**changes)})  # type: ignore[arg-type]


def row(number: int) -> NotificationId:
    return NotificationId(f"row{number}")


class TestBucket:
    def test_given_a_full_bucket_when_taken_from_then_the_burst_goes_at_once(self) -> None:
        bucket = Bucket(SECOND, 3)

        turns = [bucket.take(NOW) - NOW for _ in range(5)]

        assert turns == [timedelta(), timedelta(), timedelta(), SECOND, 2 * SECOND]

    def test_given_an_empty_bucket_when_time_passes_then_tokens_come_one_by_one(self) -> None:
        bucket = Bucket(SECOND, 3)
        for _ in range(3):
            bucket.take(NOW)

        counts = [bucket.tokens(NOW + n * SECOND) for n in range(5)]

        assert counts == [0, 1, 2, 3, 3]
        assert bucket.wait_for(2, NOW) == 2 * SECOND


class TestGate:
    def test_given_a_row_told_to_wait_when_its_turn_comes_then_it_goes_before_later_ones(
        self,
    ) -> None:
        gate = a_gate(chat_burst=1)
        gate.admit(row(0), CHAT, NOW, answer=False)
        second = gate.admit(row(1), CHAT, NOW, answer=False)
        third = gate.admit(row(2), CHAT, NOW, answer=False)

        later = NOW + SECOND
        turns = [gate.admit(row(n), CHAT, later, answer=False) for n in (2, 1)]

        assert (second, third) == (NOW + SECOND, NOW + 2 * SECOND)
        assert turns == [NOW + 2 * SECOND, None]

    def test_given_a_group_when_written_to_then_its_slower_pace_holds(self) -> None:
        gate, group = a_gate(group_burst=1), a_recipient("-100200")

        first = gate.admit(row(0), group, NOW, answer=False)
        second = gate.admit(row(1), group, NOW, answer=False)

        assert (first, second) == (None, NOW + 3 * SECOND)

    def test_given_a_deferred_chat_when_asked_then_even_answers_wait(self) -> None:
        gate = a_gate()
        gate.defer(CHAT, NOW + 30 * SECOND)

        held = gate.admit(row(0), CHAT, NOW + 29 * SECOND, answer=True)
        free = gate.admit(row(0), CHAT, NOW + 30 * SECOND, answer=True)

        assert (held, free) == (NOW + 30 * SECOND, None)

    def test_given_many_chats_failing_when_none_works_then_the_platform_rests_ever_longer(
        self,
    ) -> None:
        gate = a_gate()
        rests = []

        for _ in range(3):
            for number in range(Gate.CIRCUIT_OPENS_AFTER):
                gate.failed(a_recipient(str(number)), NOW)
            rests.append(gate.admit(row(0), CHAT, NOW, answer=True))

        assert rests == [NOW + SECOND, NOW + 2 * SECOND, NOW + 4 * SECOND]

    def test_given_failures_when_one_message_arrives_then_the_platform_goes_on(self) -> None:
        gate = a_gate()
        for number in range(Gate.CIRCUIT_OPENS_AFTER - 1):
            gate.failed(a_recipient(str(number)), NOW)
        gate.worked(CHAT)

        gate.failed(a_recipient("99"), NOW)

        assert gate.room(NOW) == 20

    def test_given_a_paused_platform_when_asked_for_room_then_it_says_how_long(self) -> None:
        gate = a_gate()

        gate.pause(Platform.TELEGRAM, NOW + 10 * SECOND)

        assert (gate.room(NOW), gate.room(NOW, answers_only=True)) == (0, 0)
        assert gate.room_in(NOW) == 10 * SECOND

    def test_given_a_clock_set_back_when_noticed_then_waits_move_with_it(self) -> None:
        gate = a_gate(chat_burst=1)
        gate.notice(NOW)
        gate.admit(row(0), CHAT, NOW, answer=False)
        gate.defer(a_recipient("2"), NOW + 5 * SECOND)
        hour = timedelta(hours=1)

        gate.notice(NOW - hour)
        turn = gate.admit(row(1), CHAT, NOW - hour, answer=False)
        held = gate.admit(row(2), a_recipient("2"), NOW - hour, answer=False)

        assert turn == NOW - hour + SECOND
        assert held == NOW - hour + 5 * SECOND
