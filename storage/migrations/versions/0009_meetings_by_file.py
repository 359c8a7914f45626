"""Which meetings a file changed that nobody was told of yet; where kept files lie on the web."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("meetings", sa.Column("untold", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "served_files",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_served_files")),
        sa.UniqueConstraint("digest", "name", name=op.f("uq_served_files_digest_name")),
    )


def downgrade() -> None:
    op.drop_table("served_files")
    op.drop_column("meetings", "untold")
