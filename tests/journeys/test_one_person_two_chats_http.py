"""One person in two chats: joined by a code or a link, told where they were last, taken apart."""

from datetime import timedelta

from slack_stage import TwoChats
from stage import LESSON


async def connected(chats: TwoChats) -> None:
    """Let Ana connect her phone by the link that Slack shows her."""
    ana, phone = chats.person("ana"), chats.people.user("ana")
    await ana.command("/slotbook", "connect")
    card = await ana.wait_for("Tap this on your phone within 10 minutes")
    url = card.button("Open Telegram").url or ""
    await phone.start(url.partition("start=")[2])
    await phone.wait_for("Connected: Slack (Ana Ruiz) and Telegram (@ana_ruiz).")
    await ana.wait_for("Connected: ", since=0)


class TestConnecting:
    async def test_given_a_link_when_opened_on_the_phone_then_both_are_one_and_own_time_is_closed(
        self, chats: TwoChats
    ) -> None:
        await connected(chats)
        phone = chats.people.user("ana")

        await phone.start(chats.code(LESSON))
        await phone.wait_for("This is your own link: others book you with it.")

        await phone.send("/agenda tomorrow")
        await phone.wait_for("Tue 24 Nov · nothing booked.")
        await chats.mia_books("24", "15:00", "Book it")
        # Told where she was last: on her phone.
        await phone.wait_for("Mia Costa booked Piano lesson.", since=0)
        await chats.calm()
        seen = [message.said for message in await chats.person("ana").messages()]
        assert not any("Mia Costa booked" in said for said in seen)

    async def test_given_a_code_from_the_phone_when_typed_in_slack_then_it_connects_once(
        self, chats: TwoChats
    ) -> None:
        phone, ana, bo = chats.people.user("ana"), chats.person("ana"), chats.person("bo")
        await phone.start()
        await phone.wait_for("Hi Ana")
        await phone.send("/connect")
        card = await phone.wait_for("Type this in Slack within 10 minutes")
        line = next(line for line in card.text.splitlines() if "/slotbook connect" in line)
        code = line.split()[-1]

        await ana.command("/slotbook", f"connect {code}")
        await ana.wait_for("Connected: ")
        await bo.command("/slotbook", f"connect {code}")

        await bo.wait_for("That code was used already, or its 10 minutes are over.")

    async def test_given_a_code_when_its_ten_minutes_are_over_then_a_new_one_is_offered(
        self, chats: TwoChats
    ) -> None:
        phone, ana = chats.people.user("ana"), chats.person("ana")
        await ana.command("/slotbook", "connect")
        card = await ana.wait_for("Tap this on your phone")
        url = card.button("Open Telegram").url or ""
        await chats.later(timedelta(minutes=10, seconds=1))

        await phone.start(url.partition("start=")[2])

        answer = await phone.wait_for("That code was used already, or its 10 minutes are over.")
        assert answer.labels == [["New code"]]

    async def test_given_two_chats_when_the_last_used_is_closed_then_the_other_is_told(
        self, chats: TwoChats
    ) -> None:
        await connected(chats)
        phone, ana = chats.people.user("ana"), chats.person("ana")
        await phone.send("/agenda")
        await phone.wait_for("nothing booked.")
        await phone.block()

        await chats.mia_books("24", "15:00", "Book it")

        await ana.wait_for("Mia Costa booked Piano lesson.", since=0)

    async def test_given_two_chats_when_disconnected_then_the_phone_begins_anew(
        self, chats: TwoChats
    ) -> None:
        await connected(chats)
        phone, ana = chats.people.user("ana"), chats.person("ana")

        await ana.press_newest("Disconnect")
        asked = await ana.wait_for("Disconnect Telegram (@ana_ruiz)? It begins anew;")
        await ana.press(asked, "Disconnect")
        await ana.wait_for("Disconnected: Telegram (@ana_ruiz).")
        await phone.start(chats.code(LESSON))

        await phone.wait_for("Piano lesson, 60 min, with Ana. Which day?")


class TestOpenCards:
    async def test_given_cards_open_in_two_chats_when_a_third_books_then_both_follow_at_once(
        self, both_chats: TwoChats
    ) -> None:
        lena, bo = await both_chats.newcomer("lena", "Lena"), both_chats.person("bo")
        await both_chats.opens(lena, LESSON)
        hers = await lena.press_and_wait("24", "Which time?")
        await bo.command("/book", "ana piano lesson tue")
        his = await bo.wait_for("Tue 24 Nov. Which time?")

        await both_chats.mia_books("24", "15:00", "Book it")

        async def both_have_followed() -> bool:
            hers_now, his_now = await lena.newest(), (await bo.messages())[-1]
            assert (hers_now.id, his_now.ts) == (hers.id, his.ts)
            labels = [label for row in hers_now.labels for label in row]
            return "15:00" not in labels and "16:00" not in his_now.labels

        assert "15:00" in hers.labels[1]
        assert "16:00" in his.labels
        await both_chats.eventually(both_have_followed)

    async def test_given_a_window_open_when_somebody_else_books_then_its_times_follow(
        self, chats: TwoChats
    ) -> None:
        bo = chats.person("bo")
        await bo.command("/book")
        window = await bo.modal("With whom")
        await bo.choose(window, "With whom", "Ana Ruiz")
        await bo.choose(await bo.modal("Piano lesson, 60 min"), "What", "Piano lesson")
        times = (await bo.modal("Free times")).options("Time")

        await chats.mia_books("23", "15:00", "Book it")

        async def gone() -> bool:
            now = (await bo.modals())[-1].options("Time")
            return "16:00-17:00 Berlin" not in now and "15:00-16:00 Berlin" in now

        assert "16:00-17:00 Berlin" in times
        await chats.eventually(gone)
