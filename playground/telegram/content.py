"""What a call wants to put into a message: text, caption, document, photo."""

from typing import Any

from playground.telegram import limits
from playground.telegram.call import Call
from playground.telegram.entities import FormattedText, checked_entities, finished
from playground.telegram.errors import bad_request
from playground.telegram.files import FileStore
from playground.telegram.html import parse_html
from playground.telegram.markdown import parse_markdown

Content = dict[str, Any]


def formatted(text: str, parse_mode: str, entities: object) -> FormattedText:
    """Text with entities, by parse mode or as given.

    Raises:
        ApiError: 400 when it cannot be parsed.
    """
    if len(text.encode("utf-8", "surrogatepass")) > limits.RAW_TEXT_BYTES:
        raise bad_request("text is too long")
    mode = parse_mode.lower()
    if not text or mode in {"", "none"}:
        return finished(FormattedText(text, checked_entities(entities, text)))
    if mode == "html":
        return finished(parse_html(text))
    if mode in {"markdownv2", "markdown"}:
        return finished(parse_markdown(text, legacy=mode == "markdown"))
    raise bad_request("unsupported parse_mode")


def read_text(call: Call) -> Content:
    """The text of a call, 1 to 4096 characters once parsed."""
    if not call.text("text"):
        raise bad_request("message text is empty")
    entities = call.json("entities", "can't parse entities JSON object")
    parsed = formatted(call.text("text"), call.text("parse_mode"), entities)
    if not parsed.text:
        raise bad_request("text must be non-empty")
    if len(parsed.text) > limits.TEXT:
        raise bad_request("message is too long")
    return _with_entities({"text": parsed.text}, "entities", parsed)


def read_caption(call: Call) -> Content:
    """The caption of a call, up to 1024 characters once parsed; empty without one."""
    entities = call.json("caption_entities", "can't parse entities JSON object")
    return caption(call.text("caption"), call.text("parse_mode"), entities)


def caption(text: str, parse_mode: str, entities: object) -> Content:
    parsed = formatted(text, parse_mode, entities)
    if len(parsed.text) > limits.CAPTION:
        raise bad_request("message caption is too long")
    if not parsed.text:
        return {}
    return _with_entities({"caption": parsed.text}, "caption_entities", parsed)


def _with_entities(content: Content, name: str, parsed: FormattedText) -> Content:
    return {**content, name: list(parsed.entities)} if parsed.entities else content


def read_document(call: Call, files: FileStore) -> Content:
    stored = files.from_call(call, "document")
    return {"document": stored.document(), **read_caption(call)}


def read_photo(call: Call, files: FileStore) -> Content:
    stored = files.from_call(call, "photo", photo=True)
    return {"photo": stored.photo(), **read_caption(call)}


def read_media(call: Call, files: FileStore) -> Content:
    """An ``InputMediaDocument`` or ``InputMediaPhoto``.

    Raises:
        ApiError: 400 for other kinds and malformed ones.
    """
    media = call.json("media", "can't parse input media JSON object")
    if not isinstance(media, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind, reference = media.get("type"), str(media.get("media") or "")
    if kind not in {"document", "photo"}:
        raise bad_request(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    upload = call.attached(reference) or call.files.get("media")
    stored = files.meant(upload, reference, "media", photo=kind == "photo")
    shown = stored.photo() if kind == "photo" else stored.document()
    text, mode = str(media.get("caption") or ""), str(media.get("parse_mode") or "")
    return {kind: shown, **caption(text, mode, media.get("caption_entities"))}
