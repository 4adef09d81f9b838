"""All methods: what each needs, and how one is carried out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playground.slack import (
    methods_app,
    methods_chat,
    methods_files,
    methods_people,
    methods_views,
)
from playground.slack.call import Call
from playground.slack.errors import SlackError
from playground.slack.state import Json
from playground.slack.workspace import Slack

Handler = Callable[[Slack, Call], Awaitable[Json]]
BOT, APP, NOBODY = "bot", "app", "nobody"


@dataclass(frozen=True, slots=True)
class Method:
    """A method: who may call it, and with which scopes; any one of them is enough."""

    handler: Handler
    scopes: tuple[str, ...] = ()
    token: str = BOT


_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
METHODS: dict[str, Method] = {
    "api.test": Method(methods_app.api_test, token=NOBODY),
    "auth.test": Method(methods_app.auth_test),
    "auth.revoke": Method(methods_app.auth_revoke),
    "apps.connections.open": Method(methods_app.connections_open, token=APP),
    "apps.uninstall": Method(methods_app.uninstall),
    "oauth.v2.access": Method(methods_app.oauth_access, token=NOBODY),
    "chat.postMessage": Method(methods_chat.post_message, ("chat:write",)),
    "chat.postEphemeral": Method(methods_chat.post_ephemeral, ("chat:write",)),
    "chat.update": Method(methods_chat.update, ("chat:write",)),
    "chat.delete": Method(methods_chat.delete, ("chat:write",)),
    "chat.getPermalink": Method(methods_chat.get_permalink),
    "chat.unfurl": Method(methods_chat.unfurl, ("links:write",)),
    "views.open": Method(methods_views.open_view),
    "views.push": Method(methods_views.push_view),
    "views.update": Method(methods_views.update_view),
    "views.publish": Method(methods_views.publish_view),
    "users.info": Method(methods_people.users_info, ("users:read",)),
    "users.list": Method(methods_people.users_list, ("users:read",)),
    "users.lookupByEmail": Method(methods_people.users_lookup, ("users:read.email",)),
    "conversations.open": Method(methods_people.conversations_open, ("im:write", "mpim:write")),
    "conversations.info": Method(methods_people.conversations_info, _READ),
    "conversations.members": Method(methods_people.conversations_members, _READ),
    "conversations.list": Method(methods_people.conversations_list, _READ),
    "conversations.join": Method(methods_people.conversations_join, ("channels:join",)),
    "team.info": Method(methods_people.team_info, ("team:read",)),
    "bots.info": Method(methods_people.bots_info, ("users:read",)),
    "files.getUploadURLExternal": Method(methods_files.get_upload_url, ("files:write",)),
    "files.completeUploadExternal": Method(methods_files.complete_upload, ("files:write",)),
    "files.info": Method(methods_files.files_info, ("files:read",)),
    "files.delete": Method(methods_files.files_delete, ("files:write",)),
}


async def perform(slack: Slack, call: Call) -> Json:
    """Carry out a call.

    Raises:
        SlackError: the token is no good, or the method refuses.
    """
    method = METHODS.get(call.method)
    if method is None:
        raise SlackError("unknown_method", req_method=call.method)
    _admit(slack, method, call)
    slack.rates.count(call.method, call.text("channel"))
    return {"ok": True, **await method.handler(slack, call)}


def _admit(slack: Slack, method: Method, call: Call) -> None:
    if method.token == NOBODY:
        return
    if not call.token:
        raise SlackError("not_authed")
    app, tokens = slack.world.app, slack.world.install.tokens
    if method.token == APP:
        if call.token in tokens:
            raise SlackError("not_allowed_token_type")
        if call.token != app.app_token:
            raise SlackError("invalid_auth")
        return
    if call.token == app.app_token:
        raise SlackError("not_allowed_token_type")
    if call.token not in tokens:
        raise SlackError("invalid_auth")
    if ended := tokens[call.token]:
        raise SlackError(ended)
    if method.scopes and not set(method.scopes) & set(app.scopes):
        provided = ",".join(app.scopes)
        raise SlackError("missing_scope", needed=method.scopes[0], provided=provided)
