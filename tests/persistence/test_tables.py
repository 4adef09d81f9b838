"""The schema as a whole."""

from sqlalchemy import UniqueConstraint

from persistence.tables import metadata


class TestOrganization:
    def test_every_table_carries_its_organization_in_every_key(self) -> None:
        tables = [table for table in metadata.sorted_tables if table.name != "organizations"]

        for table in tables:
            keys = [table.primary_key] if table.name != "inbox" else []
            keys += [c for c in table.constraints if isinstance(c, UniqueConstraint)]

            assert "organization_id" in table.c, table.name
            for key in keys:
                assert "organization_id" in key.columns, (table.name, key.name)
