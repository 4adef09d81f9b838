"""Files into Slack: asked for an address, put there, shared; or a link where that is forbidden."""

import base64
import binascii
import hashlib
import hmac
import zlib
from collections.abc import Callable

import structlog

from bots.slack import limits
from bots.slack.api import Connections
from bots.slack.failures import FAILURES, delivery_error, forbids_uploads, in_short
from bots.slack.workspaces import Workspace
from scheduling.errors import MessageRefused
from scheduling.messages import ChatMessage, File, Link, OpenUrl, Plain
from wording import edge

_LONGEST_LINK = 2900
_LARGEST = 200_000
_log = structlog.get_logger(__name__)


class FileLinks:
    """Addresses that hold a small text file themselves, signed so that nobody else makes any.

    Nothing is stored: whoever has the address has the file, as with one that was sent.
    """

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"slotbook file links\0" + secret.encode()).digest()

    def token(self, content: bytes) -> str | None:
        """Return what the address ends with; None for a file too long to stand in one."""
        packed = zlib.compress(content, 9)
        token = base64.urlsafe_b64encode(self._mark(packed) + packed).decode().rstrip("=")
        return token if len(token) <= _LONGEST_LINK else None

    def content(self, token: str) -> bytes | None:
        """Return the file behind an address of ours; None for any other."""
        if len(token) > _LONGEST_LINK:
            return None
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        mark, packed = raw[:16], raw[16:]
        if not hmac.compare_digest(mark, self._mark(packed)):
            return None
        return zlib.decompressobj().decompress(packed, _LARGEST)

    def _mark(self, packed: bytes) -> bytes:
        return hmac.new(self._key, packed, hashlib.sha256).digest()[:16]


class SlackFiles:
    """Sends files, and says what goes instead where they are not allowed."""

    def __init__(
        self, connections: Connections, link: Callable[[bytes], str | None] = lambda content: None
    ) -> None:
        self._connections, self._link = connections, link

    async def send(
        self,
        workspace: Workspace,
        channel: str,
        file: File,
        *,
        thread_ts: str | None = None,
        alt: str | None = None,
    ) -> str | None:
        """Share a file in a channel and return its id; None where files are not allowed.

        Raises:
            DeliveryError: it was not taken, or not now.
        """
        client, name = workspace.client, file_name(file)
        try:
            given = await client.files_getUploadURLExternal(
                filename=name, length=len(file.content), alt_txt=alt[:1000] if alt else None
            )
            address, file_id = given.get("upload_url"), given.get("file_id")
            if not isinstance(address, str) or not isinstance(file_id, str):
                raise MessageRefused("no address for the file")
            await self._connections.upload(address, file.content)
            await client.files_completeUploadExternal(
                files=[{"id": file_id, "title": name}], channel_id=channel, thread_ts=thread_ts
            )
        except FAILURES as error:
            if forbids_uploads(error):
                _log.info("slack.file_forbidden", reason=in_short(error))
                return None
            raise delivery_error(error) from error
        return file_id

    async def delete(self, workspace: Workspace, file_id: str) -> None:
        """Take a file away; failing changes nothing but that an old one is still seen."""
        try:
            await workspace.client.files_delete(file=file_id)
        except FAILURES as error:
            _log.info("slack.file_not_deleted", reason=in_short(error))

    def instead(self, file: File) -> ChatMessage:
        """Return what goes where files are not allowed: a link to ours, or words."""
        address = self._link(file.content)
        if address is None:
            return ChatMessage((Plain(edge.no_files()),))
        message = ChatMessage((Plain(f"{edge.file_by_link()} "), Link(file.name, address)))
        return message.with_rows((OpenUrl(edge.file_button(), address),))


def file_name(file: File) -> str:
    """Return the name with its ending kept: calendars open a file by ".ics" alone."""
    if len(file.name) <= limits.FILE_NAME:
        return file.name
    stem, dot, ending = file.name.rpartition(".")
    return stem[: limits.FILE_NAME - len(ending) - 1] + dot + ending
