"""What Slack takes and how long it waits: every such number stands here, once.

Lengths of text are counted in UTF-16 units, which is never more generous than Slack itself.
"""

from datetime import timedelta

TEXT = 3900
"""chat.update refuses more than 4,000; a little is left for marks."""
BLOCKS = 50
SECTION_TEXT = 3000
CONTEXT_TEXT = 2000
CONTEXT_ELEMENTS = 10
HEADER = 150
LABEL = 2000
BUTTON_LABEL = 75
BUTTON_VALUE = 2000
ACTIONS = 25
OVERFLOW_OPTIONS = 5
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTIONS = 100
RADIO_OPTIONS = 10
PLACEHOLDER = 150
INPUT_TEXT = 3000
URL = 3000
VIEW_BLOCKS = 100
VIEW_TITLE = 24
METADATA = 3000
TOAST = 300
"""Not Slack's: a short answer stays short."""
TYPED = 4000
FILE_NAME = 60

APP_DESCRIPTION = 140
COMMANDS = 50
COMMAND = 32
COMMAND_DESCRIPTION = 2000
USAGE_HINT = 1000
SHORTCUTS = 10
SHORTCUT_NAME = 24
SHORTCUT_DESCRIPTION = 150

BODY_BYTES = 1_000_000
SIGNATURE_WINDOW = timedelta(minutes=5)
ANSWER_WITHIN = timedelta(seconds=2)
"""Slack waits three seconds for a modal's answer; one is left for the way."""

CONNECT_TIMEOUT = timedelta(seconds=5)
CALL_TIMEOUT = timedelta(seconds=10)
UPLOAD_TIMEOUT = timedelta(seconds=20)
CONNECTIONS = 64
PROFILE_LIFE = timedelta(minutes=15)
"""A profile is asked for again then; user_change tells of most changes before."""

SOCKET_PING = timedelta(seconds=10)
SOCKET_SILENCE = timedelta(seconds=45)
"""Slack pings every few seconds: a connection that is silent for longer is dead."""
SOCKET_HELLO = timedelta(seconds=10)
SOCKET_MESSAGE_BYTES = 4_000_000
