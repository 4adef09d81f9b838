"""About me; and who may become a coach."""

from wording.catalogue import Template

SENTENCES: dict[str, Template] = {
    "me.name": "Name: {name}",
    "me.zone": "Time zone: {city}, {time} now",
    "me.no_zone": "Time zone: not known yet",
    "me.language": "Language: English",
    "me.phone": "Phone: {phone}",
    "me.no_phone": "Phone: none",
    "me.email": "E-mail: {email}",
    "me.no_email": "E-mail: none",
    "me.quiet": "Quiet hours: {time}. Reminders due then come before.",
    "me.no_quiet": "Quiet hours: none",
    "me.reminders": "Reminders: {times}",
    "me.reminders_usual": "Reminders: as the coach set them",
    "me.edit_name": "Name",
    "me.edit_zone": "Time zone",
    "me.edit_language": "Language",
    "me.edit_phone": "Phone",
    "me.edit_email": "E-mail",
    "me.edit_quiet": "Quiet hours",
    "me.edit_reminders": "Reminders",
    "me.saved": "Saved.",
    "me.only_english": "I speak only English so far.",
    "me.ask_name": "What shall people call you? Just type it.",
    "me.ask_email": "What is your e-mail address? Just type it.",
    "me.ask_quiet": "When shall I stay quiet? Reminders due then come before. "
    "Tap, or type it, like 22-8.",
    "me.ask_reminders": "When shall I remind you? Tap, or type it, like 1 day, 1 h, 10 min.",
    "me.ask_phone": "Your number is shown to the other side of a confirmed booking only, until "
    "7 days after it. Nobody else sees it, and you can remove it any time.",
    "me.share_phone": "Share my number",
    "me.share_phone_now": "Tap the button below to share your number, or type /me to leave it.",
    "me.phone_saved": "Thank you. I have your number now.",
    "me.phone_of_other": "That is somebody else's number. I can take only your own.",
    "me.phone_typed": "I take the number from the button below only: then I know it is yours. "
    "Or type /me to leave it.",
    "me.phone_left": "Nothing was changed.",
    "me.remove": "Remove it",
    "me.choice_none": "None",
    "me.choice_usual": "As the coach set them",
    "me.quiet_not_understood": 'I did not understand "{text}". Try: 22-8',
    "people.coach_asked": "{name} wants to offer time here.",
    "people.coach_yes": "Approve",
    "people.coach_no": "Decline",
    "people.coach_was_approved": "Approved. {name} can offer time now, and knows.",
    "people.coach_was_declined": "Declined. {name} knows.",
    "people.coach_approved": "An admin said yes: you can offer your time now.",
    "people.coach_declined": "An admin said no: you cannot offer time here. "
    "Booking works as before.",
}
