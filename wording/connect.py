"""Joining two chats of one person, and taking them apart."""

from collections.abc import Sequence

from scheduling.errors import CannotConnect, CodeGone
from scheduling.messages import Action, ButtonStyle, ChatMessage, CopyText, OpenUrl
from scheduling.people import ChatAccount, Person, Platform
from wording.lines import card
from wording.refusals import sentence
from wording.times import Reader


def open_telegram(reader: Reader, address: str) -> ChatMessage:
    """Offer the link that joins when it is opened in Telegram."""
    shown = address.removeprefix("https://")
    row = (OpenUrl(reader.say("connect.open_telegram"), address),)
    return card(reader.say("connect.tap"), shown, rows=(row,))


def type_in_slack(reader: Reader, code: str, address: str) -> ChatMessage:
    """Offer the line that joins when it is typed in Slack."""
    line = reader.say("connect.line", code=code)
    row = (
        CopyText(reader.say("connect.copy"), line),
        OpenUrl(reader.say("connect.open_slack"), address),
    )
    return card(reader.say("connect.type"), line, rows=(row,))


def only_one(reader: Reader, here: Platform) -> ChatMessage:
    """Say that there is no other chat to join."""
    return card(reader.say("connect.only_one", platform=_named(reader, here)))


def connected(reader: Reader, person: Person, accounts: Sequence[ChatAccount]) -> ChatMessage:
    """Show which chats are one person."""
    # Slack first, as people at work know themselves; then by name, so that it stays the same.
    ordered = sorted(accounts, key=lambda account: account.key.platform.value)
    named = reader.listing([_account(reader, person, account) for account in ordered])
    row = (Action(reader.say("connect.disconnect"), "disconn"),)
    return card(reader.say("connect.connected", accounts=named), rows=(row,))


def own_code(reader: Reader, here: Platform) -> ChatMessage:
    """Say that a code is for the other chat."""
    other = Platform.SLACK if here is Platform.TELEGRAM else Platform.TELEGRAM
    return card(reader.say("connect.own", platform=_named(reader, other)), rows=(_new(reader),))


def refused(reader: Reader, error: CodeGone | CannotConnect) -> ChatMessage:
    """Say why two chats did not become one, and what to do."""
    words = sentence(error, reader)
    if isinstance(error, CodeGone):
        return card(words, rows=(_new(reader),))
    if error.problem == "two_accounts":
        return card(words)
    return card(words, rows=((Action(reader.say("my.mine"), "mine"),),))


def ask_disconnect(reader: Reader, person: Person, other: ChatAccount) -> ChatMessage:
    """Ask whether the other chat is to be somebody of its own."""
    words = reader.say("connect.ask_apart", account=_account(reader, person, other))
    go = Action(
        reader.say("connect.disconnect"), "disconn", argument="yes", style=ButtonStyle.DANGER
    )
    return card(words, rows=((go, Action(reader.say("connect.keep"), "disconn", argument="keep")),))


def disconnected(reader: Reader, person: Person, other: ChatAccount) -> ChatMessage:
    """Say that the other chat is somebody of its own now."""
    words = reader.say("connect.disconnected", account=_account(reader, person, other))
    return card(words, rows=(_new(reader, "connect.again"),))


def apart(reader: Reader) -> ChatMessage:
    """Say that no other chat is joined."""
    return card(reader.say("connect.apart"), rows=(_new(reader, "connect.again"),))


def _new(reader: Reader, key: str = "connect.new") -> tuple[Action, ...]:
    return (Action(reader.say(key), "connect"),)


def _account(reader: Reader, person: Person, account: ChatAccount) -> str:
    """Return "Telegram (@ana)" or "Slack (Ana Ruiz)"."""
    name = account.name or person.name
    if account.key.platform is Platform.TELEGRAM and account.username:
        name = f"@{account.username}"
    platform = _named(reader, account.key.platform)
    return reader.say("connect.account", platform=platform, name=name)


def _named(reader: Reader, platform: Platform) -> str:
    return reader.say(f"platform.{platform.value}")
