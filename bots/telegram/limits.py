"""What the Bot API takes and how long it waits: every such number stands here, once.

Lengths of text are counted in UTF-16 units after entities were parsed, which is never more
generous than Telegram itself.
"""

from datetime import timedelta

TEXT = 4096
CAPTION = 1024
BUTTON_LABEL = 64
BUTTONS_IN_ROW = 8
BUTTONS = 100
COPY_TEXT = 256
PLACEHOLDER = 64
CALLBACK_ANSWER = 200
COMMANDS_IN_MENU = 100
COMMAND = 32
COMMAND_DESCRIPTION = 256
BOT_DESCRIPTION = 512
BOT_SHORT_DESCRIPTION = 120
START_PAYLOAD = 64
FILE_NAME = 60
"""Not Telegram's: longer names are cut in the middle by phones, and lose their ".ics"."""

UPDATES_AT_ONCE = 100
WEBHOOK_CONNECTIONS = 40
WEBHOOK_BODY_BYTES = 1_000_000
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the header's name, no secret
ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
"""Sent with every request: left out, Telegram keeps whatever was set before."""

LONG_POLL = timedelta(seconds=25)
CONNECT_TIMEOUT = timedelta(seconds=5)
READ_TIMEOUT = timedelta(seconds=10)
UPLOAD_TIMEOUT = timedelta(seconds=20)
POOL_TIMEOUT = timedelta(seconds=5)
KEEP_CONNECTION = timedelta(seconds=30)
CONNECTIONS = 64

ANSWER_WITHIN = timedelta(milliseconds=400)
"""A pressed button stops spinning by then, whatever the flow still does."""
QUIET_UPDATES = timedelta(days=6)
"""After a week without updates Telegram numbers them anew, so an offset older than that lies."""
