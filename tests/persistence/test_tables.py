"""The schema as a whole."""

from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint

from persistence.tables import metadata


class TestOrganization:
    def test_every_table_carries_its_organization_in_every_key(self) -> None:
        tables = [table for table in metadata.sorted_tables if table.name != "organizations"]

        for table in tables:
            assert "organization_id" in table.c, table.name
            for key in table.constraints:
                # The inbox counts its rows: the order they came in is what they are worked off by.
                counted = table.name == "inbox" and isinstance(key, PrimaryKeyConstraint)
                if isinstance(key, PrimaryKeyConstraint | UniqueConstraint) and not counted:
                    assert "organization_id" in key.columns, (table.name, key.name)
