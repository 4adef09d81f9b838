"""Answering requests."""

from wording.catalogue import Template

SENTENCES: dict[str, Template] = {
    "approval.ask_reason": "Anything to tell {name}? Type it, or:",
    "approval.not_free": "Not free after all",
    "approval.not_free_reason": "Not free after all.",
    "approval.just_decline": "Just decline",
}
