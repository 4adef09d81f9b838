"""Files in Slack: uploaded, replaced, or a link where they are not allowed."""

from datetime import timedelta

import httpx

from bots.slack.files import FileLinks
from bots.slack.places import chat, thread_in, whisper_in
from fake_slack import TEAM, FakeSlack
from running_clock import RunningClock
from scheduling.messages import ChatMessage, File, Picture, Plain
from slack_desk import Desk, running_desk

ICS = File("retro.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar")


async def _ready(desk: Desk) -> None:
    face = desk.slotbook.chats.slack
    while face is None or face.workspaces.own is None:
        await desk.clock.sleep(timedelta(milliseconds=10))


class TestFiles:
    async def test_given_a_thread_when_a_file_is_sent_then_it_lands_there(self, desk: Desk) -> None:
        await _ready(desk)
        face = desk.slotbook.chats.slack
        assert face is not None

        card = await face.messenger.send_file(
            thread_in(TEAM, "C0DESIGN", "1.5"), ICS, replacing=None
        )
        await face.messenger.send_file(card.chat, ICS, replacing=card)

        assert desk.slack.said("upload")[0]["content"] == ICS.content
        done = desk.slack.said("files.completeUploadExternal")[0]
        assert (done["channel_id"], done["thread_ts"]) == ("C0DESIGN", "1.5")
        assert desk.slack.said("files.delete") == [{"file": "F0FILE"}]

    async def test_given_one_persons_view_when_a_file_is_sent_then_their_direct_message_gets_it(
        self, desk: Desk
    ) -> None:
        await _ready(desk)
        face = desk.slotbook.chats.slack
        assert face is not None

        card = await face.messenger.send_file(
            whisper_in(TEAM, "C0DESIGN", "U0BO"), ICS, replacing=None
        )

        assert card.chat == chat(TEAM, "D0BO")

    async def test_given_uploads_forbidden_when_a_file_is_sent_then_a_link_serves_it(
        self, sqlite_url: str, slack: FakeSlack, clock: RunningClock
    ) -> None:
        slack.faults["files.getUploadURLExternal"] = [{"error": "file_uploads_disabled"}]
        async with running_desk(
            sqlite_url, slack, clock, public_url="https://book.example"
        ) as desk:
            await _ready(desk)
            face = desk.slotbook.chats.slack
            assert face is not None

            await face.messenger.send_file(chat(TEAM, "D0BO"), ICS, replacing=None)

            (said,) = slack.said("chat.postMessage")
            address = said["blocks"][-1]["elements"][0]["url"]
            path = httpx.URL(address).path
            got = await desk.client.get(path)
            spoilt = await desk.client.get(path.replace(path[10], "A" if path[10] != "A" else "B"))

        assert address.startswith("https://book.example/files/")
        assert got.content == ICS.content
        assert got.headers["content-type"].startswith("text/calendar")
        assert spoilt.status_code == 404

    async def test_given_a_picture_when_sent_then_it_follows_the_words_where_one_person_looks(
        self, desk: Desk
    ) -> None:
        await _ready(desk)
        face = desk.slotbook.chats.slack
        assert face is not None
        message = ChatMessage((Plain("Your week"),), picture=Picture(b"png", "A week"))

        await face.messenger.send(chat(TEAM, "D0BO"), message)
        await face.messenger.send(whisper_in(TEAM, "C0DESIGN", "U0BO"), message)

        assert [asked["alt_txt"] for asked in desk.slack.said("files.getUploadURLExternal")] == [
            "A week", "A week",
        ]  # fmt: skip
        shared = desk.slack.said("files.completeUploadExternal")
        assert [each["channel_id"] for each in shared] == ["D0BO", "D0BO"]


class TestFileLinks:
    def test_given_another_key_when_read_then_nothing(self) -> None:
        token = FileLinks("one").token(b"x" * 500)

        assert token is not None
        assert FileLinks("one").content(token) == b"x" * 500
        assert FileLinks("two").content(token) is None
        assert FileLinks("one").content("") is None
        assert FileLinks("one").content("é") is None
