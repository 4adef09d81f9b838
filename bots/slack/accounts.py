"""An account of Slack as users.info and user_change tell it."""

from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError

from bots.slack.reading import Id, MaybeId, MaybeKey, Read


class ProfileRead(Read):
    """The shown part of an account."""

    display_name: MaybeKey = None
    real_name: MaybeKey = None


class EnterpriseUserRead(Read):
    """An account in an organization of several workspaces."""

    teams: Annotated[list[Id], BeforeValidator(lambda value: value or [])] = Field(
        default_factory=list
    )


class AccountRead(Read):
    """An account as users.info and user_change tell it."""

    id: Id
    team_id: MaybeId = None
    name: MaybeKey = None
    real_name: MaybeKey = None
    tz: MaybeKey = None
    locale: MaybeKey = None
    profile: ProfileRead | None = None
    enterprise_user: EnterpriseUserRead | None = None
    deleted: bool | None = None
    is_bot: bool | None = None
    is_workflow_bot: bool | None = None
    is_restricted: bool | None = None
    is_ultra_restricted: bool | None = None
    is_stranger: bool | None = None
    is_admin: bool | None = None
    is_owner: bool | None = None


def read_account(fields: object) -> AccountRead | None:
    """Return an account as users.info tells it; None for what is no account."""
    try:
        return AccountRead.model_validate(fields)
    except ValidationError:
        return None
