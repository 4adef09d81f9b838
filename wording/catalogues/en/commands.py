"""Commands, help, and the calendar feed."""

from wording.catalogue import Template

SENTENCES: dict[str, Template] = {
    "commands.bot_description": "Book lessons and meetings right here: pick a day, pick a time, "
    "done. You get a reminder and a calendar file, and can move or cancel with two taps. "
    "Coaches open their time with one line and share a link.",
    "commands.bot_short_description": "Book lessons and meetings in a few taps. "
    "Reminders and calendar files included.",
    "commands.start": "First steps",
    "commands.help": "What I can do, with examples",
    "commands.book": "Find a time and book it",
    "commands.coaches": "Who you can book",
    "commands.my": "My bookings: move, cancel, calendar file",
    "commands.me": "My name, time zone, phone, reminders",
    "commands.coach": "Offer my time: hours, link, agenda",
    "commands.availability": "My weekly hours: show or set them",
    "commands.open": "Open extra time, like sat 10:00 2h",
    "commands.off": "Time off, like 24 dec - 2 jan",
    "commands.link": "My booking link and QR picture",
    "commands.types": "My session types",
    "commands.agenda": "My day and week",
    "commands.feed": "My bookings in my own calendar",
    "help.title": "This is what I can do:",
    "help.command": "/{verb}  {what}",
    "help.topic_booking": "Booking",
    "help.topic_hours": "Hours",
    "help.topic_time": "Extra and off",
    "help.topic_sessions": "Links and sessions",
    "help.topic_me": "About me",
    "help.book": "Book a time",
    "help.about_booking": "/book shows whom you can book, then days, then times. "
    "You can say it in one go:\n/book Ana tue 15:00\n"
    "/my shows what you have booked. Move and Cancel are under each booking.",
    "help.about_hours": "One line says your week. Days you do not name are closed.\n"
    "/availability mon-fri 9-12, 13-17; wed off\n"
    "/availability tue-thu 14-18 until 20 dec\n"
    "/availability mon,wed 9:00-12:30 13:30-18; sat 10-14\n"
    "You see the week before anything is saved.",
    "help.about_time": "/off 24 dec - 2 jan closes days. What is booked then, I ask about first.\n"
    "/off tomorrow 12-14 closes two hours.\n"
    "/open sat 10:00 2h opens extra time.\n"
    "/agenda shows your day, /agenda week the week.",
    "help.about_sessions": "/link gives you the link to share, and a QR picture.\n"
    "/types is where you set length, breaks, seats, place, questions and more.",
    "help.about_me": "/me shows what I know of you, and changes it: name, time zone, phone, "
    "quiet hours, reminders.\n"
    "/connect joins your Telegram and your Slack: both chats become one you.",
    "help.unknown": 'There is no help on "{text}".',
    "feed.about": "A calendar feed shows your bookings in your own calendar, and follows every "
    "change. It has a secret address.",
    "feed.make": "Make an address",
    "feed.make_new": "New address",
    "feed.stop": "Stop the feed",
    "feed.address": "Add this address to your calendar, as a calendar from the internet:",
    "feed.secret": "Whoever knows it sees your bookings. A new address ends this one. "
    "I cannot show it again.",
    "feed.local": "This address works on the machine and network slotbook runs on only. "
    "To use it elsewhere, whoever runs slotbook sets its public address.",
    "feed.stopped": "Stopped. The old address leads nowhere now.",
    "feed.none": "There was no address to stop.",
}
