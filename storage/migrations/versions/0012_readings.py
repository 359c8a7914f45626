"""What was read in files, kept so that each is read once."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "readings",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("suffix", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["files.digest"], name=op.f("fk_readings_digest"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest", "way", "suffix", name=op.f("pk_readings")),
    )


def downgrade() -> None:
    op.drop_table("readings")
