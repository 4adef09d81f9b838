"""A command nobody knows: the one most likely meant, as a button."""

from bots.router import Router
from bots.slack.again import AGAIN, again_value
from bots.slack.commands import MAIN, Asked
from bots.slack.modals import elements
from bots.slack.turn import SlackTurn
from bots.slack.updates import Commanded, Origin
from wording import edge


async def answer_unknown(turn: SlackTurn, asked: Asked, origin: Origin, router: Router) -> None:
    """Say what was not understood, and offer what is near it and the help."""
    person = turn.incoming.person
    near = router.nearest(asked.verb, person)
    buttons = [
        elements.own_button(
            verb if verb == near else edge.help_label(person.locale),
            f"{AGAIN}~{number}",
            again_value(Commanded(origin, f"/{MAIN}", f"{verb} {rest}".strip())),
            "primary" if verb == near else "",
        )
        for number, (verb, rest) in enumerate(((near, asked.text), ("help", "")))
        if verb
    ]
    await turn.say_with(edge.did_you_mean(person.locale, asked.verb[:32], near), buttons)
