"""How single values of Slack's requests are read: by form, and null as if left out."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Ts = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,16}(\.[0-9]{1,10})?$")]
Key = Annotated[str, StringConstraints(max_length=300)]
Text = Annotated[str, StringConstraints(max_length=40_000)]


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


MaybeId = Annotated[Id | None, BeforeValidator(_none_if_empty)]
MaybeTs = Annotated[Ts | None, BeforeValidator(_none_if_empty)]
MaybeText = Text | None
MaybeKey = Key | None


class Read(BaseModel):
    """The parts of something that are read; all others are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)
