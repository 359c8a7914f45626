"""Representatives, one-time codes, and persons who were merged or forgotten."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_OPEN = "status IN ('pending', 'confirmed')"
_OPEN_WITH_EMAIL = f"{_OPEN} AND email <> ''"

# The audit trail is only ever added to. One change is let through: of where somebody spoke the platform alone stays, when
# they asked to be forgotten.
_SAME = " AND ".join(
    f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}"
    for name in ("id", "at", "person_id", "role", "action", "subject", "subject_id")
)
_KEPT_ON_SQLITE = (
    f"""
    CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
    WHEN NOT ({_SAME.replace("IS NOT DISTINCT FROM", "IS")} AND NEW.before IS OLD.before AND NEW.after IS OLD.after
        AND (NEW.place = OLD.place OR NEW.place = substr(OLD.place, 1, instr(OLD.place, ':') - 1)))
    BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END
    """,
    """
    CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END
    """,
)
_KEPT_ON_POSTGRESQL = (
    """
    CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit trail is only added to'; END $$
    """,
    f"""
    CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit FOR EACH ROW
    WHEN (NOT ({_SAME} AND NEW.before::text = OLD.before::text AND NEW.after::text = OLD.after::text
        AND (NEW.place = OLD.place OR NEW.place = split_part(OLD.place, ':', 1))))
    EXECUTE FUNCTION audit_is_kept()
    """,
    "CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_kept()",
    "CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept()",
)


def upgrade() -> None:
    op.create_table(
        "codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("address", "link", name="codepurpose", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("proves", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_codes_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codes")),
    )
    with op.batch_alter_table("codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_codes_digest"), ["digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_codes_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_codes_proves"), ["proves"], unique=False)

    op.create_table(
        "representatives",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("proposed", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "representative",
                "alternate",
                name="representativekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "confirmed",
                "declined",
                "ended",
                name="representativestatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("affiliation", sa.String(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=False),
        sa.Column("liaison", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follows", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["persons.id"], name=op.f("fk_representatives_decided_by")),
        sa.ForeignKeyConstraint(["follows"], ["representatives.id"], name=op.f("fk_representatives_follows")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_representatives_group_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_representatives_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_representatives")),
    )
    with op.batch_alter_table("representatives", schema=None) as batch_op:
        batch_op.create_index("ix_representatives_group", ["group_id", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_representatives_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_representatives_open_email",
            ["group_id", "email"],
            unique=True,
            sqlite_where=sa.text(_OPEN_WITH_EMAIL),
            postgresql_where=sa.text(_OPEN_WITH_EMAIL),
        )
        batch_op.create_index(
            "uq_representatives_open_person",
            ["group_id", "person_id"],
            unique=True,
            sqlite_where=sa.text(_OPEN),
            postgresql_where=sa.text(_OPEN),
        )

    # Not as a batch: that would drop the table for a moment, and its rows' grants with it.
    op.add_column("persons", sa.Column("reached_on", sa.String(), server_default="", nullable=False))
    merged = sa.Column("merged_into", sa.Integer(), sa.ForeignKey("persons.id"), nullable=True)
    op.add_column("persons", merged, inline_references=True)
    op.add_column("persons", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("dialogues", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_dialogues_account_id_place"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_dialogues_account_id_place_command"), ["account_id", "place", "command"]
        )
        batch_op.create_index(batch_op.f("ix_dialogues_updated_at"), ["updated_at"], unique=False)
    op.create_index(op.f("ix_persons_name"), "persons", ["name"])

    dialect = op.get_bind().dialect.name
    for statement in _KEPT_ON_SQLITE if dialect == "sqlite" else _KEPT_ON_POSTGRESQL:
        op.execute(statement)
