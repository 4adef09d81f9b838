"""What is said where a chat meets slotbook: broken things, and groups."""

from wording.catalogue import Template

SENTENCES: dict[str, Template] = {
    "edge.broken": "That did not work, and nothing was changed. Please try again. ({code})",
    "edge.again": "Try again",
    "edge.later": (
        "I cannot write anything down this minute. Nothing is lost: I answer as soon as I can."
    ),
    "edge.private": "Let us do that in private, {name}.",
    "edge.private_button": "Open our chat",
    "edge.private_toast": "Let us do that in our private chat.",
}
