"""First steps: the start, the time zone, links."""

from wording.catalogue import Template

SENTENCES: dict[str, Template] = {
    "welcome.hello": "Hi {name}! I book lessons and meetings, right here.",
    "welcome.book": "Book a time",
    "welcome.offer": "Offer my time",
    "welcome.mine": "My bookings",
    "welcome.next": "Hi {name}! Next: {time} with {other}.",
    "welcome.nothing": "Hi {name}! Nothing booked.",
    "welcome.link": "Hi {name}! You can book {host} here. ",
    "welcome.first": "First, so every time is right: what does your clock say?",
    "welcome.own_link": "This is your own link: others book you with it. Nothing to book here.",
    "welcome.share": "My link",
    "welcome.ended": "{host} no longer offers this one. {host} offers:",
    "welcome.unknown_link": "I do not know this link. It may be mistyped, or it has ended.",
    "zone.again": "What does your clock say?",
    "zone.clock": "{time} {place}",
    "zone.another": "Another city",
    "zone.where": "Share my location",
    "zone.set": "{city} time. Change it any time with /me",
    "zone.type": "Type your city or country, or what your clock says, like {example}.",
    "zone.one": "{place}: {time} now. Right?",
    "zone.one_region": "{place}, {region}: {time} now. Right?",
    "zone.yes": "Yes, {time}",
    "zone.several": "I know {count} of those. What does your clock say?",
    "zone.by_clock": "Several places have that time. Which one is nearest?",
    "zone.unknown": (
        'I do not know "{text}". Type the nearest large city, or what your clock says, '
        "like {example}."
    ),
    "zone.unknown_near": 'I do not know "{text}". Did you mean {name}?',
    "zone.share_now": "Tap the button below, and I find your time zone by where you are.",
    "zone.share_done": "Thank you.",
    "zone.nowhere": "I could not tell the time zone there. Type your city instead.",
}
