"""The control API under ``/playground/api``, for the page and for tests."""

import json
from collections.abc import AsyncIterator
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from playground.config import FloodLimits, UserSeed
from playground.control import people
from playground.control.bodies import (
    Deactivated,
    Delivery,
    Flood,
    NewUser,
    Pressed,
    SharedContact,
    SharedLocation,
    Started,
    Typed,
)
from playground.control.finding import bot_named, user_named
from playground.control.groups import add_groups
from playground.control.views import (
    chat_view,
    message_view,
    toast_view,
    user_view,
    world_view,
)
from playground.telegram.faults import Fault
from playground.telegram.state import Json, World

_PREFIX = "/playground/api"
_PULSE_SECONDS = 15.0
_POLL_MOST = 60.0


def install_control(app: FastAPI, world: World) -> None:
    """Add the control API to the application."""
    router = APIRouter(prefix=_PREFIX)
    _add_people(router, world)
    _add_chats(router, world)
    add_groups(router, world)
    _add_events(router, world)
    _add_faults(router, world)

    @app.exception_handler(people.NotPossible)
    async def not_possible(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, status_code=409)

    app.include_router(router)


def _add_people(router: APIRouter, world: World) -> None:
    @router.get("/state")
    async def state() -> Json:
        return world_view(world)

    @router.get("/users")
    async def users() -> list[Json]:
        return [user_view(user) for user in world.users.values()]

    @router.post("/users", status_code=201)
    async def create_user(given: NewUser) -> Json:
        if given.key in world.users:
            raise HTTPException(409, f"There is a user {given.key!r} already.")
        return user_view(world.add_user(UserSeed(**given.model_dump())))

    @router.post("/users/{key}/deactivation")
    async def deactivate(key: str, given: Deactivated) -> Json:
        user = user_named(world, key)
        user.deactivated = given.deactivated
        world.events.emit("users", {"user": key})
        return user_view(user)

    @router.get("/files/{file_id}")
    async def download(file_id: str) -> Response:
        stored = world.files.by_id.get(file_id)
        if stored is None:
            raise HTTPException(404, "There is no such file.")
        # Pictures are shown; anything else is only ever saved, so no upload can run as a page.
        kind = "inline" if stored.width else "attachment"
        headers = {
            "content-disposition": f"{kind}; filename*=UTF-8''{quote(stored.name)}",
            "x-content-type-options": "nosniff",
            "content-security-policy": "sandbox",
        }
        return Response(stored.data, media_type=stored.mime, headers=headers)


def _add_chats(router: APIRouter, world: World) -> None:
    chat = "/users/{key}/chats/{name}"

    @router.get(chat)
    async def transcript(key: str, name: str) -> Json:
        bot = bot_named(world, name)
        return chat_view(world, bot, bot.chat(user_named(world, key)))

    @router.post(chat + "/messages")
    async def send(key: str, name: str, given: Typed) -> Json:
        before = world.events.seq
        sent = people.send_text(
            world, bot_named(world, name), user_named(world, key), given.text, given.reply_to
        )
        return {"before": before, "message_id": sent["message_id"]}

    @router.post(chat + "/start")
    async def start(key: str, name: str, given: Started) -> Json:
        before = world.events.seq
        sent = people.start(world, bot_named(world, name), user_named(world, key), given.payload)
        return {"before": before, "message_id": sent["message_id"]}

    @router.post(chat + "/link")
    async def open_link(key: str, name: str, given: Started) -> Json:
        people.open_link(world, bot_named(world, name), user_named(world, key), given.payload)
        return {"before": world.events.seq}

    @router.post(chat + "/presses")
    async def press(key: str, name: str, given: Pressed) -> Json:
        bot, user = bot_named(world, name), user_named(world, key)
        before, data = world.events.seq, given.data
        if data is None:
            message = bot.chat(user).messages.get(given.message_id)
            if message is None:
                raise people.NotPossible("That message is gone.")
            data = people.button_data(message, given.row or 0, given.column or 0)
        pressed = people.press(world, bot, user, given.message_id, data)
        update_id = pressed.update.id if pressed.update else None
        return {"before": before, "callback_id": pressed.id, "update_id": update_id}

    @router.post(chat + "/contact")
    async def contact(key: str, name: str, given: SharedContact) -> Json:
        bot, user, before = bot_named(world, name), user_named(world, key), world.events.seq
        if given.phone_number is not None:
            first_name = given.first_name or "Someone"
            card: Json = {"phone_number": given.phone_number, "first_name": first_name}
        else:
            card = people.contact_of(user_named(world, given.of or key))
        sent = people.share_contact(world, bot, user, card)
        return {"before": before, "message_id": sent["message_id"]}

    @router.post(chat + "/location")
    async def location(key: str, name: str, given: SharedLocation) -> Json:
        bot, user, before = bot_named(world, name), user_named(world, key), world.events.seq
        if given.city is not None:
            city = people.city_named(world, given.city)
            given.latitude, given.longitude = city.latitude, city.longitude
        if given.latitude is None or given.longitude is None:
            raise HTTPException(422, "A city, or latitude and longitude, is needed.")
        sent = people.share_location(world, bot, user, given.latitude, given.longitude)
        return {"before": before, "message_id": sent["message_id"]}

    @router.post(chat + "/block")
    async def block(key: str, name: str) -> Json:
        before = world.events.seq
        people.block(world, bot_named(world, name), user_named(world, key))
        return {"before": before}

    @router.post(chat + "/unblock")
    async def unblock(key: str, name: str) -> Json:
        before = world.events.seq
        people.unblock(world, bot_named(world, name), user_named(world, key))
        return {"before": before}


def _add_events(router: APIRouter, world: World) -> None:
    hub = world.events

    def enriched(event: Json) -> Json:
        """Messages travel with their event, so that the page need not ask for them."""
        bot = world.bot_named(event["bot"]) if "bot" in event else None
        key = event.get("user", "")
        user = world.users.get(key) or world.groups.get(key.removeprefix("group:"))
        if bot is None or user is None or "message_id" not in event:
            return event
        message = bot.chat(user).messages.get(event["message_id"])
        return event if message is None else {**event, "message": message_view(message)}

    @router.get("/events")
    async def events(after: int = 0, within: float = 0.0) -> Json:
        """Events younger than ``after``, waiting up to ``within`` seconds for the first."""
        await hub.wait(after, min(max(within, 0.0), _POLL_MOST))
        found = hub.after(after)
        shown = [enriched(event.json()) for event in found or []]
        return {"seq": hub.seq, "lost": found is None, "events": shown}

    @router.get("/stream")
    async def stream(request: Request, after: str = "") -> StreamingResponse:
        """The same as Server-Sent Events; a reconnecting page goes on where it was."""
        begin = hub.seq_at(request.headers.get("last-event-id") or after)

        def line(seq: int, event: Json) -> str:
            return f"id: {hub.position(seq)}\ndata: {json.dumps(event)}\n\n"

        async def lines() -> AsyncIterator[str]:
            yield "retry: 500\n\n"
            seq = begin if begin is not None else hub.seq
            if begin is None:
                yield line(seq, {"kind": "lost", "seq": seq})
            while not hub.closed:
                found = hub.after(seq)
                if found is None:
                    seq = hub.seq
                    yield line(seq, {"kind": "lost", "seq": seq})
                for event in found or []:
                    seq = event.seq
                    yield line(seq, enriched(event.json()))
                await hub.wait(seq, _PULSE_SECONDS)
                if hub.seq == seq:
                    yield ": still here\n\n"

        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(lines(), media_type="text/event-stream", headers=headers)

    @router.get("/presses/{callback_id}")
    async def press(callback_id: str) -> Json:
        found = world.presses.get(callback_id)
        if found is None:
            raise HTTPException(404, "There was no such press.")
        return {"answered": found.answered, **toast_view(found)}


def _add_faults(router: APIRouter, world: World) -> None:
    @router.get("/faults")
    async def faults() -> list[Json]:
        return [scripted.json() for scripted in world.faults.faults]

    @router.post("/faults", status_code=201)
    async def add_fault(given: Fault) -> Json:
        return world.faults.add(given).json()

    @router.delete("/faults", status_code=204)
    async def clear_faults() -> None:
        world.faults.clear()

    @router.put("/flood")
    async def flood(given: Flood) -> Json:
        world.flood.limits = FloodLimits(
            per_chat=given.per_chat.rate() if given.per_chat else None,
            overall=given.overall.rate() if given.overall else None,
        )
        return given.model_dump()

    @router.post("/bots/{name}/deliver")
    async def deliver(name: str, given: Delivery) -> Json:
        updates = bot_named(world, name).updates
        if given.update is not None:
            update = updates.push_raw(given.update, life=world.config.message_life)
            if given.times > 1:
                updates.repeat(update, given.times - 1)
            return {"update_id": update.id}
        known = (
            updates.seen(given.update_id) if given.update_id is not None else updates.last_seen()
        )
        if known is None:
            raise HTTPException(404, "There was no such update.")
        updates.repeat(known, given.times)
        return {"update_id": known.id}

    @router.get("/bots/{name}/updates")
    async def updates(name: str) -> Json:
        queue = bot_named(world, name).updates
        pending = [{"update_id": update.id, **update.body} for update in queue.pending()]
        return {"pending": pending, "allowed_updates": queue.allowed}

    @router.get("/calls")
    async def calls(
        after: int = 0, method: str | None = None, chat_id: int | None = None
    ) -> list[Json]:
        return [logged.json() for logged in world.calls.after(after, method, chat_id)]
