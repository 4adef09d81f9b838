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
    "edge.picture_elsewhere": "The picture is in your messages.",
    "edge.your_answer": "Your answer, then Enter",
    "edge.type_phone": "Type your number, like +49 30 1234567.",
    "edge.type_location": "Type the city you are in.",
    "edge.no_files": "Files are not allowed here, so the calendar file stays with me. "
    "All times are in this chat.",
    "edge.file_by_link": "Your calendar file: a link instead, since files are not allowed here.",
    "edge.file_button": "Calendar file",
    "edge.not_now": "I cannot write anything down this minute, and nothing was changed. "
    "Please try again in a minute.",
    "edge.too_slow": "That took me too long to open. Tap, and it opens.",
    "edge.open_it": "Open",
    "edge.send_again": "That takes longer than usual. Send it again in a moment: it counts once.",
    "edge.members_only": "Booking here is for members of {team}. "
    "Ask an admin to open this channel for guests.",
    "edge.not_known_here": "I cannot see who you are here, so I cannot book for you.",
    "edge.this_team": "this workspace",
    "edge.hello_channel": "I am here now. A time for all of you: "
    '/session "Retro" 45m next week, with the people by @name. Only you see this.',
    "edge.not_in_channel": "I am not in this channel yet, or may not write in it. "
    "Type /invite @slotbook here, then tap again.",
    "edge.not_between_you": "Where you two talk I cannot write. Type it in a channel.",
    "edge.near_command": "I do not know {name}. Did you mean {near}?",
    "edge.unknown_command": "I do not know {name}.",
    "edge.guests_may": "Guests and people of other companies may book in this channel.",
    "edge.guests_may_not": "In this channel only members of the workspace may book.",
    "edge.guests_open": "Let guests book here",
    "edge.guests_close": "Members only",
    "edge.guests_where": "Guests are let in channel by channel. "
    "Type /slotbook guests in the channel you mean.",
}
