"""What stands on cards beside their own words, and on those that others have taken over."""

from wording.catalogue import Template

SENTENCES: dict[str, Template] = {
    "field.answer": "Your answer, then Enter",
}
