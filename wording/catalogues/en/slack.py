"""What Slack shows of the app before anybody talks to it: commands and shortcuts."""

from wording.catalogue import Template

SENTENCES: dict[str, Template] = {
    "slack.main_command": "Everything else: my bookings, coaches, hours, agenda, help",
    "slack.hint_book": "[coach] [type] [when]",
    "slack.hint_availability": "mon-fri 9-12, 13-17; wed off",
    "slack.hint_session": '"Title" 45m [when] [@people] [seats N] [min N]',
}
