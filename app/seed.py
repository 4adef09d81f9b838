"""Sample coaches with hours and event types; repeating it changes nothing."""

from dataclasses import dataclass
from datetime import timedelta

from app.services import Services
from scheduling.event_type_change import EventTypeChange
from scheduling.grammar.hours_line import parse_hours_line
from scheduling.ids import DEFAULT_ORGANIZATION, RequestId
from scheduling.model import EventType, Question
from scheduling.moments import zone
from scheduling.people import AccountKey, Actor, Platform, Role
from scheduling.people_service import AccountFacts
from scheduling.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleType:
    """One event type of a sample coach."""

    title: str
    minutes: int
    change: EventTypeChange


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleCoach:
    """A coach as the seed makes them."""

    account_id: str
    name: str
    username: str
    zone: str
    hours: str
    about: str
    slack_id: str | None
    """Their account in the demo's workspace, for those who are at home there."""
    types: tuple[SampleType, ...]


SAMPLE_COACHES = (
    SampleCoach(
        account_id="7001",
        name="Ana Ruiz",
        username="ana_ruiz",
        zone="Europe/Berlin",
        hours="mon,tue,thu,fri 9-12, 13-17",
        about="Piano, for beginners of any age",
        slack_id="U0ANA",
        types=(
            SampleType(
                title="Piano lesson",
                minutes=60,
                change=EventTypeChange(video="https://meet.example/ana-ruiz"),
            ),
            SampleType(
                title="Trial lesson",
                minutes=30,
                change=EventTypeChange(
                    approval=True,
                    video="https://meet.example/ana-ruiz",
                    questions=(
                        Question("goal", "What would you like to work on?", required=False),
                    ),
                ),
            ),
            SampleType(
                title="Choir hour",
                minutes=60,
                change=EventTypeChange(capacity=4, place="Music school, room 2"),
            ),
        ),
    ),
    SampleCoach(
        account_id="7002",
        name="Kenji Mori",
        username="kenji_mori",
        zone="Asia/Tokyo",
        hours="daily 0-24",
        about="Japanese, at any hour",
        slack_id=None,
        types=(
            SampleType(
                title="Quick talk",
                minutes=15,
                change=EventTypeChange(
                    step=timedelta(minutes=5), video="https://meet.example/kenji"
                ),
            ),
        ),
    ),
)


async def seed(
    services: Services, clock: Clock, tenant: str, *, slack_team: str | None = None
) -> list[EventType]:
    """Make the sample coaches where they are missing and return their event types.

    ``tenant`` is the bot's id: with the real one the sample coaches are accounts of that bot.
    With a ``slack_team`` those at home in Slack are accounts there instead.
    """
    made: list[EventType] = []
    for coach in SAMPLE_COACHES:
        key = AccountKey(Platform.TELEGRAM, tenant, coach.account_id)
        if slack_team and coach.slack_id:
            key = AccountKey(Platform.SLACK, slack_team, coach.slack_id)
        made += await _coach(services, clock, key, coach)
    return made


async def _coach(
    services: Services, clock: Clock, key: AccountKey, coach: SampleCoach
) -> list[EventType]:
    # Slack lets an app write first; in Telegram there is no chat before a START.
    chat_id = key.account_id if key.platform is Platform.SLACK else None
    facts = AccountFacts(key, chat_id, coach.name, coach.username, "en")
    _, person = await services.people.meet(DEFAULT_ORGANIZATION, facts)
    actor = Actor(DEFAULT_ORGANIZATION, person.id)
    await services.people.grant(DEFAULT_ORGANIZATION, person.id, Role.COACH, None)
    if present := await services.hosting.event_types(actor):
        return present
    await services.people.set_zone(actor, coach.zone)
    await services.people.set_about(actor, coach.about)
    line = parse_hours_line(coach.hours, today=clock.now().astimezone(zone(coach.zone)).date())
    types = []
    for number, sample in enumerate(coach.types):
        duration = timedelta(minutes=sample.minutes)
        request = RequestId(f"seed:{coach.account_id}:{number}")
        made = (
            await services.hosting.become_coach(actor, line, duration, request, title=sample.title)
            if number == 0
            else await services.hosting.add_event_type(actor, duration, sample.title, request)
        )
        types.append(await services.hosting.change(actor, made.id, sample.change))
    return types
