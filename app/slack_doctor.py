"""The part of `slotbook doctor` that looks at Slack."""

from app.introduction import NoAnswer
from app.reports import Report
from app.settings import Settings
from app.slack_introduction import slack_introduction_of, socket_refusal_of

_HTTP = "requests come over HTTP to {url}/slack/events"


async def slack_reports(settings: Settings) -> list[Report]:
    """Ask Slack about every token that is set; empty where Slack is not set up."""
    found = []
    if settings.slack_bot_token is not None:
        found.append(await _bot(settings, settings.slack_bot_token.get_secret_value()))
    if settings.slack_app_token is not None:
        found.append(await _socket(settings, settings.slack_app_token.get_secret_value()))
    elif settings.has_slack:
        url = settings.public_url
        text = _HTTP.format(url=url or "the address in Slack's manifest")
        found.append(Report("slack requests", text))
    if settings.slack_client_id is not None:
        address = f"{settings.public_url}/slack/install"
        is_https = address.startswith("https://")
        text = address if is_https else f"{address}: Slack sends people back to https only"
        found.append(Report("slack installing", text, "ok" if is_https else "trouble"))
    return found


async def _bot(settings: Settings, token: str) -> Report:
    try:
        told = await slack_introduction_of(token, settings.slack_api_url)
    except NoAnswer as error:
        return Report("slack", f"cannot be reached ({error})", "trouble")
    if told.team is None:
        return Report("slack", f"refuses the bot token ({told.refusal})", "trouble")
    return Report("slack", f"@{told.user} answers in {told.team}")


async def _socket(settings: Settings, token: str) -> Report:
    try:
        refusal = await socket_refusal_of(token, settings.slack_api_url)
    except NoAnswer as error:
        return Report("slack requests", f"cannot be reached ({error})", "trouble")
    if refusal is not None:
        return Report("slack requests", f"refuses the app token ({refusal})", "trouble")
    return Report("slack requests", "come by Socket Mode")
