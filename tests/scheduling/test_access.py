import pytest

from builders.people import acting
from scheduling.access import ChannelAccess, check_entry
from scheduling.errors import EntryRefused, NotAllowed
from scheduling.ids import DEFAULT_ORGANIZATION
from scheduling.people import Platform, Recipient, Role, Standing
from world import World

DESIGN = Recipient(Platform.SLACK, "T1", "C1")
OTHER = Recipient(Platform.SLACK, "T1", "C2")
ENTRY = {
    Standing.MEMBER: (True, True),
    Standing.GUEST: (False, True),
    Standing.STRANGER: (False, True),
    Standing.OTHER_TEAM: (False, True),
    Standing.BOT: (False, False),
    Standing.DEACTIVATED: (False, False),
    Standing.UNKNOWN: (False, False),
}


def may_enter(standing: Standing, *, channel_open: bool) -> bool:
    try:
        check_entry(standing, channel_open=channel_open)
    except EntryRefused as refused:
        return refused.standing is not standing
    return True


@pytest.mark.parametrize("standing", Standing)
def test_given_any_account_when_entering_then_the_table_decides(standing: Standing) -> None:
    found = tuple(may_enter(standing, channel_open=is_open) for is_open in (False, True))
    assert found == ENTRY[standing]


@pytest.fixture
def access(both_world: World) -> ChannelAccess:
    database = both_world.database
    return ChannelAccess(
        database.store,
        database.queries,
        database.guest_channels,
        database.profiles,
        both_world.clock,
    )


async def test_given_a_channel_when_an_admin_opens_it_then_visitors_enter_there_alone(
    both_world: World, access: ChannelAccess
) -> None:
    admin = await both_world.person("Eva", roles=frozenset({Role.ADMIN}))
    with pytest.raises(EntryRefused):
        await access.check(DEFAULT_ORGANIZATION, Standing.GUEST, DESIGN)
    await access.open_channel(acting(admin), DESIGN, is_open=True)
    await access.check(DEFAULT_ORGANIZATION, Standing.GUEST, DESIGN)
    for place in (OTHER, None):
        with pytest.raises(EntryRefused):
            await access.check(DEFAULT_ORGANIZATION, Standing.GUEST, place)
    with pytest.raises(EntryRefused):
        await access.check(DEFAULT_ORGANIZATION, Standing.BOT, DESIGN)
    await access.open_channel(acting(admin), DESIGN, is_open=False)
    with pytest.raises(EntryRefused):
        await access.check(DEFAULT_ORGANIZATION, Standing.STRANGER, DESIGN)
    assert await both_world.audited("C1") == ["channel_closed", "channel_opened"]


async def test_given_no_admin_when_opening_a_channel_then_it_is_refused(
    both_world: World, access: ChannelAccess
) -> None:
    mia = await both_world.person("Mia")
    with pytest.raises(NotAllowed):
        await access.open_channel(acting(mia), DESIGN, is_open=True)
    with pytest.raises(EntryRefused):
        await access.check(DEFAULT_ORGANIZATION, Standing.GUEST, DESIGN)
