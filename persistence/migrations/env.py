"""What Alembic runs: migrations on the connection that persistence.migrate opened and locked."""

from alembic import context

from persistence.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    # The transaction is persistence.migrate's: on both databases everything or nothing.
    transactional_ddl=False,
)
context.run_migrations()
