"""Logging: structlog over the standard library, with every secret taken out at the last step.

Redaction sits in the one formatter all records pass, ours and other libraries', message,
arguments and traceback included, at every level: a token in an exception text or in an HTTP
client's INFO line never leaves the process.
"""

import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any, TextIO

import structlog

_TELEGRAM_TOKEN = re.compile(r"(?<!\d)(\d{3,20}):[A-Za-z0-9_-]{20,}", re.ASCII)
_SLACK_TOKEN = re.compile(r"\b(xox[a-z.]{1,6}|xapp|xwfp)-[A-Za-z0-9-]{6,}", re.ASCII)
_SLACK_HOOK = re.compile(
    r"(https?://[^\s/\"']+/(?:slack/)?(?:actions|commands|workflows|services|response|upload)/)"
    r"[^\s\"'<>\\]+"
)
_SLACK_SOCKET = re.compile(r"(wss?://[^\s\"'?]+)\?[^\s\"']+")
_URL_PASSWORD = re.compile(r"(://[^\s:/@]+):[^\s@/]+@")
_FEED = re.compile(r"(/(?:feeds|files)/)[A-Za-z0-9_-]{8,}", re.ASCII)
# International form, or nine and more digits with separators; shorter numbers are ids and times.
_PHONE = re.compile(r"\+\d[\d ().-]{6,18}\d")
_CONTACT_FIELD = re.compile(r"""(["']?phone(?:_number)?["']?\s*[:=]\s*["']?)\+?[\d ().-]{6,}""")

# Their INFO and DEBUG lines carry whole addresses and requests, tokens among them.
_QUIET = (
    "httpx", "httpcore", "apscheduler", "aiosqlite", "alembic", "uvicorn.access", "slack_sdk",
    "slack_bolt", "aiohttp",
)  # fmt: skip

# Without the frames' variables: they hold tokens and people's words.
_TRACEBACKS = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


class Redactor:
    """Takes secrets and phone numbers out of text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # Longest first, so that no secret leaves a tail of another behind.
        self._secrets = tuple(sorted({s for s in secrets if len(s) >= 6}, key=len, reverse=True))

    def __call__(self, text: str) -> str:
        """Return the text without what nobody should read in a log; safe to repeat."""
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        text = _TELEGRAM_TOKEN.sub(r"\1:[token]", text)
        text = _SLACK_TOKEN.sub(r"\1-[token]", text)
        text = _SLACK_HOOK.sub(r"\1[token]", text)
        text = _SLACK_SOCKET.sub(r"\1?[token]", text)
        text = _URL_PASSWORD.sub(r"\1:[secret]@", text)
        text = _FEED.sub(r"\1[token]", text)
        text = _CONTACT_FIELD.sub(r"\1[phone]", text)
        return _PHONE.sub("[phone]", text)


class _RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    def __init__(self, redactor: Redactor, **options: Any) -> None:
        super().__init__(**options)
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor(super().format(record))


def _escape_controls(
    _: object, __: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    # Names come from people: a newline or an escape sequence must not forge a record.
    for key, value in event.items():
        if isinstance(value, str) and key != "exception" and not value.isprintable():
            event[key] = value.encode("unicode_escape").decode("ascii")
    return event


def configure_logging(
    level: str, style: str, secrets: Iterable[str] = (), stream: TextIO | None = None
) -> None:
    """Send every record of the process, redacted, to ``stream`` (standard error).

    ``style`` is json, text, or auto: text on a terminal, JSON otherwise. Repeating it replaces
    the earlier configuration.
    """
    out = stream if stream is not None else sys.stderr
    as_text = style == "text" or (style == "auto" and out.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _escape_controls,
    ]
    last: list[structlog.typing.Processor] = (
        [
            structlog.dev.ConsoleRenderer(
                colors=out.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
        if as_text
        else [
            structlog.processors.ExceptionRenderer(_TRACEBACKS),
            structlog.processors.JSONRenderer(),
        ]
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        _RedactingFormatter(
            Redactor(secrets),
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
