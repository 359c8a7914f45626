"""What Alembic runs for every migration: our tables, on the connection that `storage.upgrade` hands in."""

from alembic import context

from storage.tables import Base
from storage.upgrade import is_ours

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_object=is_ours,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
