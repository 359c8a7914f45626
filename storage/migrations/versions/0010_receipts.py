"""What the link of a mail carries by which an announcement is acknowledged."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("announcement_recipients", sa.Column("token", sa.String(), nullable=True))
    op.create_index(op.f("ix_announcement_recipients_token"), "announcement_recipients", ["token"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_announcement_recipients_token"), table_name="announcement_recipients")
    op.drop_column("announcement_recipients", "token")
