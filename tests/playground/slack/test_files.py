"""Files by Slack's own library: an address, the bytes, then where they belong."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground.slack.client import SlackClient

DESIGN = "C0DESIGN"


class TestUpload:
    async def test_given_a_file_when_uploaded_then_it_is_seen_and_can_be_saved(
        self, web: AsyncWebClient, slack: SlackClient
    ) -> None:
        parent = (await web.chat_postMessage(channel=DESIGN, text="card"))["ts"]

        done = await web.files_upload_v2(
            channel=DESIGN, thread_ts=parent, content="BEGIN:VCALENDAR", filename="retro.ics",
            title="Retro", initial_comment="Your file",
        )  # fmt: skip

        message = (await slack.as_user("bo").messages("design", thread_ts=parent))[-1]
        (shown,) = message.files
        assert (message.text, shown["name"], shown["title"]) == ("Your file", "retro.ics", "Retro")
        assert await slack.download(shown["url"]) == b"BEGIN:VCALENDAR"
        file_id = done["files"][0]["id"]
        assert (await web.files_info(file=file_id))["file"]["size"] == 15
        await web.files_delete(file=file_id)
        with pytest.raises(SlackApiError, match="file_not_found"):
            await web.files_info(file=file_id)

    async def test_given_uploads_forbidden_when_tried_then_it_is_refused_by_name(
        self, web: AsyncWebClient, slack: SlackClient
    ) -> None:
        await slack.uploads(allowed=False)

        with pytest.raises(SlackApiError, match="file_uploads_disabled"):
            await web.files_upload_v2(channel=DESIGN, content="x", filename="x.ics")

    async def test_given_a_channel_without_files_when_tried_then_only_that_one_refuses(
        self, web: AsyncWebClient, slack: SlackClient
    ) -> None:
        await slack.call("POST", f"/channels/{DESIGN}", {"uploads": False})

        with pytest.raises(SlackApiError, match="file_uploads_disabled"):
            await web.files_upload_v2(channel=DESIGN, content="x", filename="x.ics")
        im = (await web.conversations_open(users="U0BO"))["channel"]["id"]
        await web.files_upload_v2(channel=im, content="x", filename="x.ics")

        assert [m.files[0]["name"] for m in await slack.as_user("bo").messages()] == ["x.ics"]
