"""What is said again and again: the way back, old buttons, things nobody expected."""

from wording.catalogue import Template

SENTENCES: dict[str, Template] = {
    "nav.back": "Back",
    "nav.days": "Days",
    "nav.skip": "Skip",
    "nav.help": "Help",
    "nav.earlier": "‹ Earlier",
    "nav.later": "Later ›",
    "nav.next": "{what} ›",
    "odd.over": "That is over. Start again with /book, or see /my",
    "odd.others": "This one is {name}'s. Yours: /my",
    "odd.quicker": "Your other tap was quicker: the message shows how it stands.",
    "odd.unreadable": "I can only read text here.",
    "odd.no_question": "Thank you, but I did not ask for that now.",
    "odd.unknown_command": "I do not know /{name}.",
    "odd.near_command": "I do not know /{name}. Did you mean /{near}?",
}
