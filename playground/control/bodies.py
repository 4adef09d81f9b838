"""What the control API is sent."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from playground.config import Rate


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewUser(_Body):
    key: str = Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")
    first_name: str = Field(min_length=1, max_length=64)
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = "en"
    zone: str = "UTC"
    label: str | None = None
    city: str | None = None
    phone: str | None = None
    id: int | None = None


class Typed(_Body):
    text: str
    reply_to: int | None = None


class Pressed(_Body):
    """Either the place of a button, row and column from 0, or any data."""

    message_id: int
    row: int | None = None
    column: int | None = None
    data: str | None = None


class Started(_Body):
    payload: str = ""


class SharedContact(_Body):
    """Whose contact: another person here by key, a stranger by phone, nobody for one's own."""

    of: str | None = None
    phone_number: str | None = None
    first_name: str | None = None


class SharedLocation(_Body):
    city: str | None = None
    latitude: float | None = None
    longitude: float | None = None


class Delivery(_Body):
    """Deliver a known update (the newest without an id) again, or any JSON as an update."""

    update_id: int | None = None
    times: int = Field(default=1, ge=1, le=1000)
    update: dict[str, Any] | None = None


class Limit(_Body):
    count: int = Field(ge=1)
    seconds: float = Field(default=1.0, gt=0)

    def rate(self) -> Rate:
        return Rate(count=self.count, seconds=self.seconds)


class Flood(_Body):
    per_chat: Limit | None = None
    overall: Limit | None = None


class Deactivated(_Body):
    deactivated: bool = True
