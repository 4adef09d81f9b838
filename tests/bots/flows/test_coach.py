"""T2: a coach from nothing to a link; by invite; with an admin's yes."""

from collections.abc import Callable
from datetime import timedelta

from office import Office
from phones import Phone
from scheduling.ids import DEFAULT_ORGANIZATION, StartCode
from scheduling.messages import CopyText, OpenUrl
from scheduling.people import Role
from scheduling.policy import CoachSignUp, Policy

WEEK = """\
This is your week, in Berlin time:
Mon, Tue, Thu, Fri  09:00-12:00, 13:00-17:00
Wed, Sat, Sun  closed
60 min each, 28 a week. First free: Mon 23 Nov, 11:00."""


async def to_preview(phone: Phone) -> None:
    """Walk to the week before it is saved."""
    await phone.type("/coach")
    await phone.tap("Mon-Fri 9-17")
    await phone.tap("60 min")


class TestHoursTypedAtOnce:
    async def test_given_somebody_new_when_typing_hours_then_two_taps_lead_to_a_link(
        self, office: Office
    ) -> None:
        ana = await office.phone("Ana Ruiz")

        await ana.type("/availability mon-fri 9-12, 13-17; wed off")
        week, ways_on = ana.text, ana.labels
        await ana.tap("Other length")
        await ana.tap("30 min")
        halves = ana.text
        await ana.tap("Save and get my link")

        assert week == WEEK
        assert ways_on == [["Save and get my link", "Change hours", "Other length"]]
        assert "30 min each" in halves
        assert (await office.read(ana)).is_coach

    async def test_given_invites_only_when_typing_hours_then_the_way_in_is_offered(
        self, new_office: Callable[..., Office]
    ) -> None:
        office = new_office(policy=Policy(coach_sign_up=CoachSignUp.INVITE))
        ana = await office.phone("Ana Ruiz")

        await ana.type("/availability mon-fri 9-12")

        assert ana.text == "That is for coaches."


class TestFromNothingToALink:
    async def test_given_somebody_new_when_only_tapping_then_the_link_comes_within_six_taps(
        self, office: Office
    ) -> None:
        ana = await office.phone("Ana Ruiz", zone=None)
        ana.taps = 1  # START, which types this:
        await ana.type("/start")

        await ana.tap("Offer my time")
        await ana.tap("09:02 London")
        await ana.tap("Mon-Fri 9-12, 13-17")
        await ana.tap("60 min")
        await ana.tap("Save and get my link")

        assert ana.taps == 6
        assert ana.text.startswith("Your link works now. Whoever opens it can book you.\nt.me/")
        assert ana.labels == [
            ["Copy link", "Share"],
            ["QR picture", "See it as a student"],
            ["Make it nicer: 0 of 3"],
        ]

    async def test_given_a_typed_line_when_looked_at_then_text_and_picture_show_the_week(
        self, office: Office
    ) -> None:
        ana = await office.phone("Ana Ruiz")
        await ana.type("/coach")

        await ana.type("mon,tue,thu,fri 9-12, 13-17; wed off")
        await ana.tap("60 min")

        assert ana.text == WEEK
        assert ana.card.picture is not None
        assert ana.card.picture.png.startswith(b"\x89PNG")
        assert "Wed, Sat, Sun  closed" in ana.card.picture.alt
        assert ana.labels == [["Save and get my link", "Change hours", "Other length"]]

    async def test_given_a_saved_week_when_the_link_is_opened_then_its_code_names_the_type(
        self, office: Office
    ) -> None:
        ana = await office.phone("Ana Ruiz")
        await to_preview(ana)

        await ana.tap("Save and get my link")

        copy = next(b for b in ana.buttons() if isinstance(b, CopyText))
        share = next(b for b in ana.buttons() if isinstance(b, OpenUrl))
        code = StartCode(copy.text.rpartition("=")[2])
        kind = await office.database.queries.by_code(DEFAULT_ORGANIZATION, code)
        assert kind is not None
        assert kind.host_id == office.person(ana).id
        assert kind.duration == timedelta(minutes=60)
        assert share.url.startswith("https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fpianobot")

    async def test_given_save_pressed_twice_when_the_second_arrives_then_there_is_one_type(
        self, office: Office
    ) -> None:
        ana = await office.phone("Ana Ruiz")
        await to_preview(ana)
        save, message_id = ana.button("Save and get my link")
        await ana.press(save, message_id)
        link = ana.text

        await ana.press(save, message_id)

        kinds = await office.database.queries.event_types_of(
            DEFAULT_ORGANIZATION, office.person(ana).id
        )
        assert len(kinds) == 1
        assert ana.toast == "Already saved."
        assert ana.text == link

    async def test_given_a_preview_when_changing_hours_then_the_length_is_not_asked_again(
        self, office: Office
    ) -> None:
        ana = await office.phone("Ana Ruiz")
        await to_preview(ana)

        await ana.tap("Change hours")
        await ana.type("sat 10-12")

        assert "Sat  10:00-12:00" in ana.text
        assert "60 min each, 2 a week." in ana.text

    async def test_given_a_typed_length_when_it_is_none_then_it_is_asked_again(
        self, office: Office
    ) -> None:
        ana = await office.phone("Ana Ruiz")
        await ana.type("/coach")
        await ana.tap("Mon-Fri 9-17")

        await ana.type("a while")

        assert ana.text == (
            'I did not understand "a while". Try: 45 min.\nHow long is one session?'
        )
        await ana.type("45 min")
        assert "45 min each" in ana.text

    async def test_given_the_first_question_when_going_back_then_nothing_was_made(
        self, office: Office
    ) -> None:
        ana = await office.phone("Ana Ruiz")
        await ana.type("/coach")

        await ana.tap("Back")

        assert ana.text == "Whenever you like."
        assert ana.labels == [["Offer my time", "Book a time"]]
        assert not (await office.read(ana)).is_coach

    async def test_given_a_coach_when_offering_again_then_the_menu_is_there(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()

        await ana.type("/coach")

        assert ana.labels[0] == ["Agenda", "My hours"]


class TestInvite:
    async def test_given_an_invite_when_its_code_is_typed_then_the_hours_come_next(
        self, new_office: Callable[..., Office]
    ) -> None:
        office = new_office(policy=Policy(coach_sign_up=CoachSignUp.INVITE))
        code = await office.people.issue_invite(DEFAULT_ORGANIZATION, timedelta(days=1))
        ana = await office.phone("Ana Ruiz")
        await ana.type("/coach")
        assert "invite code" in ana.text

        await ana.type(code)

        assert ana.text.startswith("When can people book you?")
        assert (await office.read(ana)).is_coach

    async def test_given_a_wrong_code_when_typed_then_it_is_asked_again(
        self, new_office: Callable[..., Office]
    ) -> None:
        office = new_office(policy=Policy(coach_sign_up=CoachSignUp.INVITE))
        ana = await office.phone("Ana Ruiz")
        await ana.type("/coach")

        await ana.type("letmein")

        assert ana.text.startswith("I do not know that code")
        assert not (await office.read(ana)).is_coach


class TestApproval:
    async def test_given_approval_when_saving_then_an_admin_is_asked_and_a_yes_lets_one_save(
        self, new_office: Callable[..., Office]
    ) -> None:
        office = new_office(policy=Policy(coach_sign_up=CoachSignUp.APPROVAL))
        ana = await office.phone("Ana Ruiz")
        boss = await office.phone("Bo Lind", roles=(Role.ADMIN,))
        await to_preview(ana)
        await ana.tap("Save and get my link")
        assert ana.text.startswith("Asked.")
        await office.deliver(boss)

        await boss.tap("Approve")
        await ana.tap("Save and get my link")

        assert boss.text == "Approved. Ana Ruiz can offer time now, and knows."
        assert ana.text.startswith("Your link works now.")

    async def test_given_approval_when_declined_then_both_are_told(
        self, new_office: Callable[..., Office]
    ) -> None:
        office = new_office(policy=Policy(coach_sign_up=CoachSignUp.APPROVAL))
        ana = await office.phone("Ana Ruiz")
        boss = await office.phone("Bo Lind", roles=(Role.ADMIN,))
        await to_preview(ana)
        await ana.tap("Save and get my link")
        await office.deliver(boss)

        await boss.tap("Decline")
        await office.deliver(ana)

        assert boss.text == "Declined. Ana Ruiz knows."
        assert not (await office.read(ana)).is_coach
        assert len(ana.screen.messages) == 2

    async def test_given_the_admins_button_when_somebody_else_presses_then_nothing_changes(
        self, new_office: Callable[..., Office]
    ) -> None:
        office = new_office(policy=Policy(coach_sign_up=CoachSignUp.APPROVAL))
        ana = await office.phone("Ana Ruiz")
        boss = await office.phone("Bo Lind", roles=(Role.ADMIN,))
        await to_preview(ana)
        await ana.tap("Save and get my link")
        await office.deliver(boss)
        approve, message_id = boss.button("Approve")

        await ana.press(approve, message_id)

        assert not (await office.read(ana)).is_coach
        assert ana.toast


class TestStudents:
    async def test_given_a_student_when_typing_a_coachs_command_then_the_way_in_is_offered(
        self, office: Office
    ) -> None:
        mia = await office.phone("Mia Costa")

        for command in ("/availability", "/off wed", "/open sat 10", "/link", "/types"):
            await mia.type(command)

            assert mia.text == "That is for coaches."
            assert mia.labels == [["Offer my time"]]
