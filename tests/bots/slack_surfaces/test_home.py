"""App Home: of a member, of a coach, of somebody new, of an admin."""

from datetime import timedelta

from bots.slack.home.share import WHERE
from bots.slack.modals.book_view import TIME, WHO
from bots.slack.modals.cancel import WHY
from bots.slack.surface import Errors
from builders.people import acting
from builders.times import at
from scheduling.errors import RecipientUnreachable
from scheduling.ids import RequestId
from scheduling.messages import Action
from scheduling.moments import Interval
from scheduling.people import Platform, Recipient, Role
from scheduling.sessions.commands import AskTimes, OpenSession
from slack_rules import faults_of_view
from slack_window import TEAM
from windows import SlackOffice

DESIGN = Recipient(Platform.SLACK, TEAM, "CDESIGN")
TUESDAY = at("2026-11-24 11:00", "Europe/Berlin")


class TestMember:
    async def test_given_nothing_booked_when_opened_then_it_says_what_to_do(
        self, office: SlackOffice
    ) -> None:
        cem = await office.in_slack("Cem Kaya")

        await cem.opens_home()

        assert "Nothing booked. Find someone's free time in a few clicks." in cem.home_text
        assert list(cem.home_buttons()) == ["Book time", "Find a time together", "Offer my time"]

    async def test_given_a_booking_when_opened_then_it_stands_first_with_its_menu(
        self, office: SlackOffice
    ) -> None:
        _, lesson = await office.ana()
        cem = await office.in_slack("Cem Kaya")
        await office.books_as(cem, lesson, TUESDAY)

        await cem.opens_home()

        next_line = "Next: Tue 24 Nov, 11:00-12:00 · Piano lesson with Ana · Berlin time"
        assert next_line in cem.home_text
        assert {"Join", "Message", "Move", "Cancel", "File"} <= set(cem.home_buttons())
        assert "Ana Ruiz, first free Tue 09:00" in cem.home_text

    async def test_given_the_menu_when_cancelling_then_a_window_asks_why(
        self, office: SlackOffice
    ) -> None:
        _, lesson = await office.ana()
        cem = await office.in_slack("Cem Kaya")
        await office.books_as(cem, lesson, TUESDAY)
        await cem.opens_home()

        await cem.home_press("Cancel")
        await cem.writes(WHY, "ill")
        await cem.send()
        await office.redrawn(cem)

        assert "Nothing booked." in cem.home_text

    async def test_given_somebody_to_book_when_pressed_then_their_window_opens(
        self, office: SlackOffice
    ) -> None:
        await office.ana()
        cem = await office.in_slack("Cem Kaya")
        await cem.opens_home()

        await cem.home_press("Book")

        assert cem.window.chosen(WHO) == "Ana Ruiz"
        assert cem.window.options(TIME)

    async def test_given_a_poll_and_a_seat_when_opened_then_both_have_their_button(
        self, office: SlackOffice
    ) -> None:
        bo = await office.in_slack("Bo Lind")
        cem = await office.in_slack("Cem Kaya")
        await office.sessions.ask(
            AskTimes(
                actor=acting(bo.person),
                title="Retro <!channel>",
                duration=timedelta(minutes=45),
                members=(cem.person.id,),
                times=(Interval(TUESDAY, TUESDAY + timedelta(minutes=45)),),
                group=DESIGN,
                request_id=RequestId("ask"),
            )
        )
        await office.sessions.open(
            OpenSession(
                actor=acting(bo.person),
                title="Portfolio hour",
                start=TUESDAY + timedelta(hours=4),
                duration=timedelta(hours=1),
                group=DESIGN,
                request_id=RequestId("open"),
                seats=4,
                members=(cem.person.id,),
            )
        )

        await cem.opens_home()
        await bo.opens_home()

        assert "Your answer is missing: Retro <!channel>, by " in cem.home_text
        assert "Portfolio hour, <#CDESIGN> · you have a seat" in cem.home_text
        assert {"Vote", "Leave"} <= set(cem.home_buttons())
        assert "Portfolio hour with Cem" in bo.home_text


class TestCoach:
    async def test_given_sessions_and_a_request_when_opened_then_all_is_at_hand(
        self, office: SlackOffice
    ) -> None:
        bo = await office.in_slack("Bo Lind")
        review = await office.offers(bo, "Review", approval=True, video="https://meet.example/b")
        cem = await office.in_slack("Cem Kaya")
        mia = await office.mia()
        asked = await office.books_as(cem, review, TUESDAY)
        await office.booking.approve(office.approval(bo, asked))
        await office.books(mia, review, TUESDAY + timedelta(hours=2))

        await bo.opens_home()

        assert "Tue 24 Nov · 1 session, at 11:00 · Berlin time" in bo.home_text
        assert "11:00-12:00 · Cem Kaya · Review · no answer yet" in bo.home_text
        assert "13:00-14:00 · Mia Costa (Telegram) · Review · by" in bo.home_text
        assert "*My hours*   Mon-Fri  09:00-12:00, 13:00-17:00" in bo.home_text
        wanted = {"Book time", "Extra time", "Time off", "Approve", "Decline", "Edit"}
        wanted |= {"Share in a channel", "Show link", "Join", "Move"}
        assert wanted <= set(bo.home_buttons())

    async def test_given_a_new_coach_when_opened_then_one_step_has_a_button(
        self, office: SlackOffice
    ) -> None:
        bo = await office.in_slack("Bo Lind", roles=(Role.COACH,))
        await bo.opens_home()
        assert "*Let people book you*   1 Hours   2 Length   3 Share" in bo.home_text
        assert "1 Hours" in bo.home_buttons()

        await bo.home_press("1 Hours")
        await bo.send()
        await office.redrawn(bo)

        assert "*Let people book you*   ✓ Hours   ✓ Length   3 Share" in bo.home_text
        assert "3 Share" in bo.home_buttons()

    async def test_given_a_channel_when_sharing_then_the_card_is_posted_once(
        self, office: SlackOffice
    ) -> None:
        bo = await office.in_slack("Bo Lind")
        await office.offers(bo, "Review")
        await bo.opens_home()
        await bo.home_press("3 Share")
        await bo.picks_channel(WHERE, "CDESIGN")

        await bo.send(times=2)

        assert office.messenger.texts(DESIGN) == ["Book a time with Bo Lind: Review, 60 min"]

    async def test_given_a_channel_without_the_bot_when_sharing_then_it_says_how_to_invite_it(
        self, office: SlackOffice
    ) -> None:
        bo = await office.in_slack("Bo Lind")
        await office.offers(bo, "Review")
        await bo.opens_home()
        await bo.home_press("3 Share")
        await bo.picks_channel(WHERE, "CDESIGN")
        office.messenger.fail_with(RecipientUnreachable("not_in_channel"))

        answer = await bo.send()

        assert isinstance(answer, Errors)
        assert "/invite @slotbook" in bo.window.faults["where"]

    async def test_given_a_full_calendar_when_opened_then_slack_takes_the_page(
        self, office: SlackOffice
    ) -> None:
        bo = await office.in_slack("Bo Lind")
        review = await office.offers(bo, "R" * 80, line="mon-fri 0-24", minutes=15)
        people = [await office.in_slack(f"P{number} Person") for number in range(60)]
        for number, person in enumerate(people):
            start = at("2026-11-24 00:00", "Europe/Berlin") + number * timedelta(minutes=15)
            await office.books_as(person, review, start)

        await bo.opens_home()

        assert faults_of_view(bo.home) == []
        assert "and 48 more" in bo.home_text


class TestWindowsOfHome:
    async def test_given_buttons_of_the_chat_when_pressed_in_home_then_a_window_answers(
        self, office: SlackOffice
    ) -> None:
        bo = await office.in_slack("Bo Lind")
        review = await office.offers(bo, "Review")
        cem = await office.in_slack("Cem Kaya")
        await office.books_as(cem, review, TUESDAY)
        await bo.opens_home()

        await bo.home_press("Show link")
        assert "t.me/pianobot" in bo.window.text
        await bo.home_press("Agenda")
        assert "Mon 23 Nov" in bo.window.text
        assert bo.screen.messages == {}

    async def test_given_an_agenda_in_the_chat_when_paged_then_no_window_opens(
        self, office: SlackOffice
    ) -> None:
        bo = await office.in_slack("Bo Lind")
        await office.offers(bo, "Review")

        await bo.press(Action("x", "agenda"))

        assert bo.windows == {}
        assert bo.screen.messages
