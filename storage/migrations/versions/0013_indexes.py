"""What is looked through each day: who did something lately, which files are old, and whether a message has one."""

from collections.abc import Sequence

from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(op.f("ix_audit_person_id_at"), "audit", ["person_id", "at"])
    op.create_index(op.f("ix_files_kept_at"), "files", ["kept_at"])
    op.create_index(op.f("ix_notice_files_digest"), "notice_files", ["digest"])


def downgrade() -> None:
    op.drop_index(op.f("ix_notice_files_digest"), table_name="notice_files")
    op.drop_index(op.f("ix_files_kept_at"), table_name="files")
    op.drop_index(op.f("ix_audit_person_id_at"), table_name="audit")
