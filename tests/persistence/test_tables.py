"""The schema as a whole."""

from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint

from persistence.tables import metadata


class TestOrganization:
    def test_every_table_carries_its_organization_in_every_key(self) -> None:
        tables = [table for table in metadata.sorted_tables if table.name != "organizations"]

        for table in tables:
            assert "organization_id" in table.c, table.name
            for key in table.constraints:
                # These count their rows, which come and go in that order.
                counted = table.name in {"inbox", "changes"} and isinstance(
                    key, PrimaryKeyConstraint
                )
                if isinstance(key, PrimaryKeyConstraint | UniqueConstraint) and not counted:
                    assert "organization_id" in key.columns, (table.name, key.name)
