"""Whom and what a call of the control API names; a 404 says what there is not."""

from fastapi import HTTPException

from playground.telegram.state import Bot, User, World


def user_named(world: World, key: str) -> User:
    """The person of that key."""
    user = world.users.get(key)
    if user is None:
        raise HTTPException(404, f"There is no user {key!r}.")
    return user


def bot_named(world: World, name: str) -> Bot:
    """The bot of that name, or the first one for "-"."""
    bot = world.bot_named(name)
    if bot is None:
        raise HTTPException(404, f"There is no bot {name!r} yet.")
    return bot
