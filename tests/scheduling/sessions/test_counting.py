"""What a poll settles on, against a second reading of R7 written the slow way."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from builders.people import a_recipient
from builders.times import at
from scheduling.ids import DEFAULT_ORGANIZATION, OptionId, PersonId, RequestId, SessionId
from scheduling.moments import Interval
from scheduling.sessions.counting import best_at_deadline, first_for_all
from scheduling.sessions.model import Answer, Member, Option, Session, SessionStatus, Vote

NOW = at("2030-01-07 09:00")
BO, ANA, CEM, DIA = (PersonId(name) for name in ("bo", "ana", "cem", "dia"))
Y, M, N = Answer.YES, Answer.IF_NEED_BE, Answer.NO


def a_poll(
    votes: dict[str, dict[PersonId, Answer]],
    *,
    members: tuple[PersonId, ...] = (BO, ANA, CEM),
    missing: dict[str, tuple[PersonId, ...]] | None = None,
) -> Session:
    """Return a poll of Bo's with options A, B, C, an hour apart, with these votes by letter."""
    options = tuple(
        Option(
            OptionId(letter),
            letter,
            Interval(start := NOW + timedelta(hours=hours), start + timedelta(minutes=45)),
            (missing or {}).get(letter, ()),
        )
        for hours, letter in enumerate("ABC", start=1)
    )
    return Session(
        organization_id=DEFAULT_ORGANIZATION,
        id=SessionId("retro"),
        organizer_id=BO,
        title="Retro",
        duration=timedelta(minutes=45),
        status=SessionStatus.ASKING,
        group=a_recipient("C1"),
        request_id=RequestId("r"),
        created_at=NOW,
        capacity=200,
        members=tuple(Member(person) for person in members),
        options=options,
        votes=tuple(
            Vote(OptionId(letter), person, answer)
            for letter, answers in votes.items()
            for person, answer in answers.items()
        ),
    )


def letters(options: list[Option]) -> str:
    return "".join(option.letter for option in options)


class TestAtOnce:
    def test_given_a_time_that_all_can_make_when_counted_then_it_is_found(self) -> None:
        poll = a_poll({"A": {BO: Y, ANA: Y}, "B": {BO: Y, ANA: M, CEM: Y}})
        assert letters(first_for_all(poll, NOW)) == "B"

    def test_given_somebody_silent_when_counted_then_nothing_suits_all(self) -> None:
        assert first_for_all(a_poll({"A": {BO: Y, ANA: Y}}), NOW) == []

    def test_given_several_when_counted_then_most_yes_then_the_earliest_comes_first(self) -> None:
        poll = a_poll(
            {
                "A": {BO: Y, ANA: M, CEM: M},
                "B": {BO: Y, ANA: Y, CEM: Y},
                "C": {BO: Y, ANA: Y, CEM: Y},
            }
        )
        assert letters(first_for_all(poll, NOW)) == "BCA"

    def test_given_somebody_booked_meanwhile_when_counted_then_it_does_not_suit_all(self) -> None:
        poll = a_poll({"A": {BO: Y, ANA: Y, CEM: Y}}, missing={"A": (CEM,)})
        assert first_for_all(poll, NOW) == []

    def test_given_a_time_that_has_begun_when_counted_then_it_is_passed_over(self) -> None:
        poll = a_poll({"A": {BO: Y, ANA: Y, CEM: Y}, "B": {BO: Y, ANA: Y, CEM: Y}})
        assert letters(first_for_all(poll, NOW + timedelta(hours=1))) == "B"


class TestAtTheDeadline:
    def test_given_votes_when_counted_then_most_yes_wins_even_with_a_no(self) -> None:
        poll = a_poll({"A": {BO: Y, ANA: M}, "B": {BO: Y, ANA: Y, CEM: N}})
        assert letters(best_at_deadline(poll, [BO], NOW)) == "BA"

    def test_given_equal_yes_when_counted_then_most_if_need_be_and_then_the_earliest(self) -> None:
        poll = a_poll({"A": {BO: Y, ANA: Y}, "B": {BO: Y, ANA: Y, CEM: M}, "C": {BO: Y, ANA: Y}})
        assert letters(best_at_deadline(poll, [BO], NOW)) == "BAC"

    def test_given_a_hosts_no_when_counted_then_never_that_one(self) -> None:
        poll = a_poll({"A": {BO: Y, ANA: Y, CEM: N}, "B": {BO: N, ANA: Y, CEM: Y}})
        assert letters(best_at_deadline(poll, [BO, CEM], NOW)) == ""

    def test_given_a_host_booked_meanwhile_when_counted_then_never_that_one(self) -> None:
        poll = a_poll({"A": {BO: Y, ANA: Y}, "B": {BO: Y, ANA: M}}, missing={"A": (BO,)})
        assert letters(best_at_deadline(poll, [BO], NOW)) == "B"

    def test_given_a_student_booked_meanwhile_when_counted_then_their_yes_counts_no_more(
        self,
    ) -> None:
        poll = a_poll(
            {"A": {BO: Y, ANA: Y, CEM: Y}, "B": {BO: Y, ANA: Y, CEM: M}}, missing={"A": (CEM,)}
        )
        assert letters(best_at_deadline(poll, [BO], NOW)) == "BA"

    def test_given_nobody_but_the_organizer_when_counted_then_nothing(self) -> None:
        assert best_at_deadline(a_poll({"A": {BO: Y}, "B": {BO: Y, ANA: N}}), [BO], NOW) == []


ANSWERS = st.sampled_from([None, Y, M, N])
PEOPLE = (BO, ANA, CEM, DIA)
SCORE = {Y: (1, 0), M: (0, 1)}


@given(
    table=st.lists(st.tuples(*[ANSWERS] * 4), min_size=3, max_size=3),
    hosts=st.sets(st.sampled_from(PEOPLE[1:])).map(lambda some: some | {BO}),
    booked=st.lists(st.sets(st.sampled_from(PEOPLE)), min_size=3, max_size=3),
)
def test_given_any_votes_when_counted_then_as_the_rule_reads(
    table: list[tuple[Answer | None, ...]], hosts: set[PersonId], booked: list[set[PersonId]]
) -> None:
    votes = {
        letter: {p: answer for p, answer in zip(PEOPLE, row, strict=True) if answer}
        for letter, row in zip("ABC", table, strict=True)
    }
    missing = {letter: tuple(some) for letter, some in zip("ABC", booked, strict=True)}
    poll = a_poll(votes, members=PEOPLE, missing=missing)

    expected: list[tuple[int, int, datetime, str]] = []
    for option in poll.options:
        row, gone = votes[option.letter], missing[option.letter]
        if any(row.get(host) is N or host in gone for host in hosts):
            continue
        here = {p: answer for p, answer in row.items() if answer is not N and p not in gone}
        if not here.keys() - {BO}:
            continue
        yes, maybe = (sum(SCORE[answer][at] for answer in here.values()) for at in (0, 1))
        expected.append((-yes, -maybe, option.time.start, option.letter))

    assert letters(best_at_deadline(poll, hosts, NOW)) == "".join(x[3] for x in sorted(expected))
