"""Two chats of one person, and people in different chats."""

from wording.catalogue import Template

SENTENCES: dict[str, Template] = {
    "platform.telegram": "Telegram",
    "platform.slack": "Slack",
    "news.elsewhere": "{name} is on {platform}; answer here and I pass it on.",
}
