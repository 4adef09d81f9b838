"""Two chats of one person, and people in different chats."""

from wording.catalogue import Template

SENTENCES: dict[str, Template] = {
    "platform.telegram": "Telegram",
    "platform.slack": "Slack",
    "connect.tap": "Tap this on your phone within 10 minutes; both chats become one you.",
    "connect.open_telegram": "Open Telegram",
    "connect.type": "Type this in Slack within 10 minutes; both chats become one you.",
    "connect.line": "/slotbook connect {code}",
    "connect.copy": "Copy it",
    "connect.open_slack": "Open Slack",
    "connect.only_one": "Only {platform} is set up here, so there is no other chat to connect.",
    "connect.connected": "Connected: {accounts}. Reminders come where you were last.",
    "connect.account": "{platform} ({name})",
    "connect.disconnect": "Disconnect",
    "connect.keep": "Keep it",
    "connect.own": "This is your own code. Use it in {platform}, in your other chat.",
    "connect.gone": "That code was used already, or its 10 minutes are over. Take a new one.",
    "connect.new": "New code",
    "connect.again": "Connect",
    "connect.two_accounts": (
        "You both have an account on the same platform, so these are two people. "
        "Disconnect one of them there first, with /connect."
    ),
    "connect.overlap": (
        "Your two chats have bookings with each other, or at the same time, so they cannot "
        "become one. Cancel or move one of them, then try again."
    ),
    "connect.ask_apart": (
        "Disconnect {account}? It begins anew; your bookings, hours and settings stay here."
    ),
    "connect.disconnected": "Disconnected: {account}. Everything you had stays here.",
    "connect.apart": "No other chat is connected.",
    "commands.connect": "Join my Telegram and my Slack",
    "news.connected": (
        "Connected: this chat and {platform} are one you now. Reminders come where you were last."
    ),
    "news.elsewhere": "{name} is on {platform}; answer here and I pass it on.",
}
