"""Methods about the app itself: who it is, its sockets, its installation."""

from playground.slack import installing
from playground.slack.call import Call
from playground.slack.errors import SlackError
from playground.slack.state import Json, new_id
from playground.slack.workspace import Slack


async def auth_test(slack: Slack, call: Call) -> Json:
    world = slack.world
    return {
        "url": f"https://{world.config.team_domain}.slack.com/",
        "team": world.config.team_name,
        "user": world.app.name,
        "team_id": world.config.team_id,
        "user_id": world.app.bot_user_id,
        "bot_id": world.app.bot_id,
        "is_enterprise_install": False,
    }


async def api_test(slack: Slack, call: Call) -> Json:
    if error := call.text("error"):
        raise SlackError(error)
    return {"args": call.values}


async def connections_open(slack: Slack, call: Call) -> Json:
    return {"url": slack.sockets.new_address()}


async def auth_revoke(slack: Slack, call: Call) -> Json:
    if call.flag("test"):
        return {"revoked": False}
    installing.revoke(slack, call.token)
    return {"revoked": True}


async def uninstall(slack: Slack, call: Call) -> Json:
    app = slack.world.app
    if not app.client_id:
        raise SlackError("bad_client_secret")
    if call.text("client_id") != app.client_id:
        raise SlackError("invalid_client_id")
    if call.text("client_secret") != app.client_secret:
        raise SlackError("bad_client_secret")
    installing.uninstall(slack)
    return {}


async def oauth_access(slack: Slack, call: Call) -> Json:
    world, app = slack.world, slack.world.app
    client_id, secret = call.basic or (call.text("client_id"), call.text("client_secret"))
    if not app.client_id or client_id != app.client_id:
        raise SlackError("invalid_client_id")
    if secret != app.client_secret:
        raise SlackError("bad_client_secret")
    code = call.required("code", "invalid_code")
    redirect_uri = world.install.codes.pop(code, None)
    if redirect_uri is None:
        raise SlackError("invalid_code")
    if redirect_uri and call.text("redirect_uri") not in ("", redirect_uri):
        raise SlackError("bad_redirect_uri")
    token = app.bot_token
    if world.install.tokens.get(token):
        token = f"xoxb-{new_id('', 24)}"
    world.install.tokens[token] = ""
    world.tell("app")
    return {
        "app_id": app.app_id,
        "authed_user": {"id": next(iter(world.users), "")},
        "scope": ",".join(app.scopes),
        "token_type": "bot",
        "access_token": token,
        "bot_user_id": app.bot_user_id,
        "team": {"id": world.config.team_id, "name": world.config.team_name},
        "enterprise": None,
        "is_enterprise_install": False,
    }
