"""The control API of the local Slack, under ``/playground/api/slack``."""

from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

from playground.control.slack_bodies import (
    Address,
    Archiving,
    ChannelChange,
    Disconnection,
    ForgedDelivery,
    Membership,
    NewChannel,
    NewPerson,
    Rates,
    RawDelivery,
    RedirectUri,
    Replay,
    Uploads,
)
from playground.control.slack_people import ack_view, add_people, add_surfaces
from playground.control.slack_views import conversation_view, state_view, user_view
from playground.slack import happenings, installing
from playground.slack.errors import NotPossible
from playground.slack.faults import SlackFault
from playground.slack.seeds import SlackChannelSeed, SlackRate, SlackUserSeed
from playground.slack.state import Conversation, Json, new_id
from playground.slack.workspace import Slack

_PREFIX = "/playground/api/slack"


def install_slack_control(app: FastAPI, slack: Slack) -> None:
    """Add the control API to the application."""
    router = APIRouter(prefix=_PREFIX)
    _add_workspace(router, slack)
    _add_app(router, slack)
    _add_deliveries(router, slack)
    _add_faults(router, slack)
    add_people(router, slack)
    add_surfaces(router, slack)

    @app.exception_handler(NotPossible)
    async def not_possible(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, status_code=409)

    app.include_router(router)


def _channel(slack: Slack, channel_id: str) -> Conversation:
    found = slack.world.conversations.get(channel_id)
    if found is None or found.is_im:
        raise HTTPException(404, f"There is no channel {channel_id!r}.")
    return found


def _add_workspace(router: APIRouter, slack: Slack) -> None:
    world = slack.world

    @router.get("/state")
    async def state() -> Json:
        return state_view(slack)

    @router.post("/users", status_code=201)
    async def create_user(given: NewPerson) -> Json:
        if any(user.key == given.key for user in world.users.values()):
            raise HTTPException(409, f"There is a user {given.key!r} already.")
        user_id = given.user_id or new_id("U0")
        seed = SlackUserSeed(**{**given.model_dump(), "user_id": user_id})
        return user_view(world, happenings.add_person(slack, seed))

    @router.post("/channels", status_code=201)
    async def create_channel(given: NewChannel) -> Json:
        unknown = set(given.members) - {user.key for user in world.users.values()}
        if unknown:
            raise HTTPException(422, f"There is no user {sorted(unknown)[0]!r}.")
        fields = given.model_dump()
        fields["channel_id"] = given.channel_id or new_id("C0")
        fields["name"] = given.name or given.key
        fields["members"] = tuple(given.members)
        if fields["channel_id"] in world.conversations:
            raise HTTPException(409, f"There is a channel {fields['channel_id']!r} already.")
        channel = world.add_channel(SlackChannelSeed(**fields))
        world.tell("conversations")
        return conversation_view(world, channel)

    @router.post("/channels/{channel_id}/archive")
    async def archive(channel_id: str, given: Archiving | None = None) -> Json:
        place = _channel(slack, channel_id)
        happenings.archive(slack, place, archived=given is None or given.archived)
        return conversation_view(world, place)

    @router.post("/channels/{channel_id}")
    async def change_channel(channel_id: str, given: ChannelChange) -> Json:
        place = _channel(slack, channel_id)
        if given.uploads is not None:
            place.uploads = given.uploads
        if given.archived is not None:
            happenings.archive(slack, place, archived=given.archived)
        return conversation_view(world, place)

    @router.put("/uploads")
    async def uploads(given: Uploads) -> Json:
        world.uploads = given.allowed
        return given.model_dump()


def _add_app(router: APIRouter, slack: Slack) -> None:
    @router.post("/app/events_url")
    async def events_url(given: Address, verify: bool = False) -> Json:
        slack.world.install.events_url = given.url
        slack.world.tell("app")
        if not verify:
            return {"ok": True, "url": given.url}
        return {"url": given.url, **ack_view(await slack.deliveries.verify_url())}

    @router.post("/app/membership")
    async def membership(given: Membership) -> Json:
        bot = slack.world.app.bot_user_id
        place = happenings.set_membership(slack, bot, given.channel_id, member=given.member)
        return conversation_view(slack.world, place)

    @router.post("/app/uninstall")
    async def uninstall() -> Json:
        installing.uninstall(slack)
        return {"ok": True}

    @router.post("/app/token_revoked")
    async def token_revoked() -> Json:
        installing.revoke(slack)
        return {"ok": True}

    @router.post("/app/install")
    async def install() -> Json:
        installing.reinstall(slack)
        return {"ok": True}

    @router.post("/app/oauth_code")
    async def oauth_code(given: RedirectUri | None = None) -> Json:
        return {"code": installing.new_code(slack, given.redirect_uri if given else "")}

    @router.post("/app/disconnect")
    async def disconnect(given: Disconnection | None = None) -> Json:
        reason = given.reason if given else "refresh_requested"
        if reason == "cut":
            return {"connections": await slack.sockets.cut()}
        return {"connections": await slack.sockets.disconnect(reason)}


def _add_deliveries(router: APIRouter, slack: Slack) -> None:
    @router.get("/deliveries")
    async def deliveries(after: int = 0, kind: str | None = None) -> list[Json]:
        return [
            one.json()
            for one in slack.deliveries.log
            if one.id > after and kind in (None, one.kind)
        ]

    @router.post("/deliveries/replay")
    async def replay(given: Replay) -> list[Json]:
        repeated = await slack.deliveries.replay(given.id, given.times)
        if repeated is None:
            raise HTTPException(404, f"There was no delivery {given.id}.")
        return [ack_view(one) for one in repeated]

    @router.post("/deliveries/raw")
    async def raw(given: RawDelivery) -> Json:
        body = given.body.encode()
        return ack_view(await slack.deliveries.send_raw(body, given.headers, sign=given.sign))

    @router.post("/deliveries/forged")
    async def forged(given: ForgedDelivery) -> Json:
        return ack_view(await slack.deliveries.deliver(given.kind, given.payload))


def _add_faults(router: APIRouter, slack: Slack) -> None:
    @router.get("/faults")
    async def faults() -> list[Json]:
        return [scripted.json() for scripted in slack.faults.faults]

    @router.post("/faults", status_code=201)
    async def add_fault(given: SlackFault) -> Json:
        return slack.faults.add(given).json()

    @router.delete("/faults", status_code=204)
    async def clear_faults() -> None:
        slack.faults.clear()

    @router.put("/rates")
    async def rates(given: Rates) -> Json:
        slack.rates.rates = {
            method: SlackRate(count=count, seconds=seconds)
            for method, (count, seconds) in given.rates.items()
        }
        return given.model_dump()

    @router.get("/calls")
    async def calls(after: int = 0, method: str | None = None) -> list[Json]:
        return [logged.json() for logged in slack.calls.after(after, method)]
