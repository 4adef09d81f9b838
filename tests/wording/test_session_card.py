from builders.people import a_person
from builders.sessions import (
    ANA,
    CEM,
    DIA,
    ELI,
    FAY,
    GROUP,
    GUS,
    TEAM,
    a_poll,
    an_open_session,
    moment,
    settled,
)
from scheduling.messages import (
    Action,
    Buttons,
    ChatMessage,
    LocalTime,
    Mention,
    More,
    OpenUrl,
)
from scheduling.people import AccountKey, Platform
from scheduling.sessions.model import SessionStatus
from wording.sessions import card

NOW = moment("2026-11-24 10:00")
VOTES = "bo:A=y,B=y,C=y ana:A=y,B=n cem:A=y,C=y dia:A=m"


def lines(message: ChatMessage) -> list[str]:
    return message.text.split("\n")


def labels(message: ChatMessage) -> list[list[str]]:
    return [[button.label for button in row] for row in message.rows]


class TestAsking:
    def test_given_votes_when_drawn_then_it_reads_as_in_the_script(self) -> None:
        message = card(a_poll(votes=VOTES), None, NOW)

        assert lines(message) == [
            "Retro · 45 min · Bo asks Ana, Cem, Dia, Eli, Fay: which times work?",
            "A  Tue 1 Dec, 10:00 Berlin   yes: Bo, Ana, Cem · if need be: Dia",
            "B  Tue 1 Dec, 15:00 Berlin   yes: Bo · no: Ana",
            "C  Thu 3 Dec, 11:00 Berlin   yes: Bo, Cem",
            "Settled as soon as one works for all six, or Fri 27 Nov, 12:00 Berlin"
            " with most votes. Missing: Eli, Fay.",
        ]

    def test_given_a_channel_when_drawn_then_every_time_is_each_readers_own(self) -> None:
        message = card(a_poll(), None, NOW)

        moments = [part.moment for part in message.parts if isinstance(part, LocalTime)]
        assert moments == [
            *(option.time.start for option in a_poll().session.options),
            a_poll().session.decide_by,
        ]

    def test_given_slack_when_drawn_then_each_time_has_its_three_buttons_beside_it(self) -> None:
        message = card(a_poll(), None, NOW)

        rows = [part.row for part in message.parts if isinstance(part, Buttons)]
        assert [[button.label for button in row] for row in rows] == [
            ["Yes", "If need be", "No"]
        ] * 3
        pressed = [b.argument for row in rows for b in row if isinstance(b, Action)]
        assert pressed == ["Ay", "Am", "An", "By", "Bm", "Bn", "Cy", "Cm", "Cn"]
        assert labels(message) == [["All work for me", "None works", "For Bo"]]
        more = message.rows[0][2]
        assert isinstance(more, More)
        assert [each.label for each in more.actions] == ["Settle now", "Add a time", "Call off"]

    def test_given_telegram_when_drawn_then_buttons_name_their_letter(self) -> None:
        message = card(a_poll(group=GROUP), None, NOW)

        rows = [part.row for part in message.parts if isinstance(part, Buttons)]
        assert [b.label for b in rows[0]] == ["A yes", "A if need be", "A no"]
        assert labels(message) == [["All work for me", "None works"], ["For Bo"]]

    def test_given_the_first_post_when_drawn_then_those_asked_are_rung_and_nobody_else(
        self,
    ) -> None:
        key = AccountKey(Platform.SLACK, "T1", "U1")

        first = card(a_poll(), None, NOW, ringing={ANA.id: key})
        later = card(a_poll(), None, NOW)

        assert [part for part in first.parts if isinstance(part, Mention)] == [Mention("Ana", key)]
        assert not [part for part in later.parts if isinstance(part, Mention)]
        assert first.text == later.text

    def test_given_somebody_booked_meanwhile_when_drawn_then_it_says_so(self) -> None:
        poll = a_poll(votes="bo:A=y cem:A=y", missing={"A": (CEM,), "B": (FAY,)})

        text = lines(card(poll, None, NOW))

        assert text[1] == "A  Tue 1 Dec, 10:00 Berlin   yes: Bo · no longer free: Cem"
        assert text[2] == "B  Tue 1 Dec, 15:00 Berlin   not free: Fay"

    def test_given_two_people_and_one_time_when_drawn_then_the_words_fit(self) -> None:
        poll = a_poll((ANA,), times=("2026-12-01 10:00",), votes="bo:A=y ana:A=m")

        text = lines(card(poll, None, NOW))

        assert text[0].endswith("Bo asks Ana: does this time work?")
        assert text[2].startswith("Settled as soon as it works for both, or ")
        assert "Missing" not in text[2]

    def test_given_one_reader_when_drawn_then_times_are_theirs_and_their_answers_stand(
        self,
    ) -> None:
        message = card(a_poll(votes="dia:A=m,B=n"), DIA, NOW)

        assert "A  Tue 1 Dec, 2:30 PM   if need be: Dia" in lines(message)
        assert lines(message)[-1] == "You said: A if need be, B no."
        assert labels(message) == [["All work for me", "None works"]]

    def test_given_two_of_one_first_name_when_drawn_then_both_are_told_apart(self) -> None:
        twin = a_person("Ana Berg", id="ana2")

        message = card(a_poll((ANA, twin)), None, NOW)

        assert "Bo asks Ana Ruiz, Ana Berg" in message.text


class TestOn:
    def test_given_a_vote_for_all_when_drawn_then_all_six_are_in(self) -> None:
        message = card(settled(a_poll(votes=VOTES), "A", *TEAM), None, NOW)

        assert message.text == "Retro is on: Tue 1 Dec, 10:00 Berlin · 45 min · all six are in"
        assert labels(message)[0][1:] == ["Leave", "Add to Google"]

    def test_given_some_of_the_asked_when_drawn_then_they_are_named(self) -> None:
        message = card(settled(a_poll(), "C", ANA, CEM), None, NOW)

        assert message.text.endswith("45 min · in: Bo, Ana, Cem")

    def test_given_seats_left_when_drawn_then_it_reads_as_in_the_script(self) -> None:
        message = card(an_open_session(DIA), None, NOW)

        assert lines(message) == [
            "Portfolio hour · Thu 26 Nov, 16:00 Berlin · 60 min · with Bo",
            "3 of 4 seats left · in: Dia · takes place with 2, by Wed 25 Nov, 16:00 Berlin",
        ]
        assert labels(message) == [["Join", "Leave", "Add to Google"]]
        assert isinstance(message.rows[0][2], OpenUrl)

    def test_given_enough_heads_when_drawn_then_it_takes_place(self) -> None:
        text = lines(card(an_open_session(DIA, ELI), None, NOW))[1]

        assert text == "2 of 4 seats left · in: Dia, Eli · takes place"

    def test_given_no_seat_left_when_drawn_then_one_may_wait(self) -> None:
        message = card(an_open_session(DIA, ELI, CEM, FAY, waiting=(GUS,), minimum=None), None, NOW)

        assert lines(message)[1] == "Full · in: Dia, Eli, Cem, Fay · waiting: Gus"
        assert labels(message) == [["Join the waitlist", "Leave", "Add to Google"]]

    def test_given_it_began_when_drawn_then_nobody_joins_any_more(self) -> None:
        during = card(an_open_session(DIA), None, moment("2026-11-26 16:10"))
        after = card(an_open_session(DIA), None, moment("2026-11-26 17:10"))

        assert during.rows == after.rows == ()
        assert "seats left" not in during.text
        assert "was on" in after.text

    def test_given_a_session_when_drawn_then_it_is_looked_at_again_when_it_begins(self) -> None:
        message = card(an_open_session(DIA), None, NOW)

        assert message.live is not None
        assert message.live.topics == {"session:portfolio"}
        assert message.live.again_at == moment("2026-11-26 16:00")

    def test_given_a_vote_of_days_when_drawn_then_its_card_is_kept_while_anything_may_change(
        self,
    ) -> None:
        asking, last = card(a_poll(), None, NOW), moment("2026-12-03 11:00")
        unsettled = a_poll(status=SessionStatus.UNSETTLED)
        ended = card(unsettled, None, moment("2026-12-02 10:00"))

        assert asking.live is not None
        assert asking.live.again_at == a_poll().session.decide_by
        assert ended.live is not None
        assert ended.live.again_at == last


class TestEnded:
    def test_given_no_time_for_all_when_drawn_then_the_best_is_named(self) -> None:
        votes = "bo:A=n,C=y ana:A=y,C=y cem:C=y dia:C=m eli:C=y fay:A=n,C=n"
        poll = a_poll(votes=votes, status=SessionStatus.UNSETTLED)

        assert card(poll, None, NOW).text == (
            "Retro: no time works for all six. "
            "C (Thu 3 Dec, 11:00 Berlin) works for five, not for Fay. Bo decides."
        )

    def test_given_silence_when_drawn_then_it_says_that_nobody_answered(self) -> None:
        poll = a_poll(votes="bo:A=y,B=y,C=y", status=SessionStatus.UNSETTLED)

        assert card(poll, None, NOW).text == "Retro: nobody answered in time. Bo decides."

    def test_given_too_few_when_drawn_then_it_says_how_many_came_together(self) -> None:
        called_off = an_open_session(DIA, status=SessionStatus.CALLED_OFF, reason="too_few 1")

        message = card(called_off, None, NOW)

        assert message.text == (
            "Called off: Thu 26 Nov, 16:00 Berlin · Portfolio hour. "
            "1 of 2 came together. Dia knows."
        )
        assert labels(message) == [["New time"]]

    def test_given_a_poll_called_off_when_drawn_then_no_vote_is_asked(self) -> None:
        message = card(a_poll(status=SessionStatus.CALLED_OFF), None, NOW)

        assert message.text == "Called off: Retro. Bo asks no more."
        assert message.rows == ()
