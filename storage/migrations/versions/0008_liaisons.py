"""Liaison statements at length: their life, files, owners, and what they say of the roadmap."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.search import postgres_index, sqlite_index, stems

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STATUSES = (
    "draft",
    "in-review",
    "approved",
    "sent",
    "received",
    "assigned",
    "open",
    "noted",
    "answered",
    "closed",
    "withdrawn",
    "misdirected",
)
_OLD = "id, number, direction, date, source, title, deadline, in_response_to, status, summary, url"
_OLD_ADDRESSEE = "liaison_id, purpose, name, position"

_KEPT_ON_SQLITE = tuple(
    f"""
    CREATE TRIGGER liaison_events_are_not_{done} BEFORE {doing} ON liaison_events
    BEGIN SELECT RAISE(ABORT, 'the history of a liaison statement is only added to'); END
    """
    for done, doing in (("changed", "UPDATE"), ("removed", "DELETE"))
)
_KEPT_ON_POSTGRESQL = (
    """
    CREATE FUNCTION liaison_events_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the history of a liaison statement is only added to'; END $$
    """,
    """
    CREATE TRIGGER liaison_events_are_not_changed BEFORE UPDATE OR DELETE ON liaison_events
    FOR EACH ROW EXECUTE FUNCTION liaison_events_are_kept()
    """,
    """
    CREATE TRIGGER liaison_events_are_not_emptied BEFORE TRUNCATE ON liaison_events
    FOR EACH STATEMENT EXECUTE FUNCTION liaison_events_are_kept()
    """,
)


def upgrade() -> None:
    _widen()
    _add()
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    search = "liaison_search", "liaison_texts"
    index = sqlite_index(*search, "liaison_id") if is_sqlite else postgres_index(*search)
    for statement in (*(_KEPT_ON_SQLITE if is_sqlite else _KEPT_ON_POSTGRESQL), *index):
        op.execute(statement)
    _fill_texts()


def _widen() -> None:
    """Make the two tables anew: SQLite changes no constraint of a table, and none that others refer to is dropped."""
    for table in ("liaisons", "liaison_addressees"):
        op.execute(f"CREATE TABLE {table}_before AS SELECT * FROM {table}")
    op.drop_table("liaison_addressees")
    op.drop_table("liaisons")
    op.create_table(
        "liaisons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("ours", sa.String(), nullable=True),
        sa.Column("drafted_as", sa.String(), nullable=True),
        sa.Column("direction", _words(("incoming", "outgoing"), "direction"), nullable=False),
        sa.Column("date", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("deadline", sa.String(), nullable=False),
        sa.Column("deadline_kind", _words(("none", "unstated", "date", "vague"), "deadlinekind"), nullable=False),
        sa.Column("deadline_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_response_to", sa.String(), nullable=False),
        sa.Column("response_to_id", sa.Integer(), nullable=True),
        sa.Column("is_holding", sa.Boolean(), nullable=False),
        sa.Column("questions", sa.String(), nullable=False),
        sa.Column("approval", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("contact_email", sa.String(), nullable=False),
        sa.Column("status", _words(_STATUSES, "liaisonstatus"), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("logged_by", sa.Integer(), nullable=True),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["logged_by"], ["persons.id"], name=op.f("fk_liaisons_logged_by")),
        sa.ForeignKeyConstraint(["response_to_id"], ["liaisons.id"], name=op.f("fk_liaisons_response_to_id")),
        sa.ForeignKeyConstraint(["source_id"], ["groups.id"], name=op.f("fk_liaisons_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_liaisons")),
        sa.UniqueConstraint("number", name=op.f("uq_liaisons_number")),
        sa.UniqueConstraint("ours", name=op.f("uq_liaisons_ours")),
        sa.UniqueConstraint("drafted_as", name=op.f("uq_liaisons_drafted_as")),
    )
    op.create_table(
        "liaison_addressees",
        sa.Column("liaison_id", sa.Integer(), nullable=False),
        sa.Column("purpose", _words(("action", "comment", "information"), "purpose"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("due", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_liaison_addressees_group_id")),
        sa.ForeignKeyConstraint(
            ["liaison_id"], ["liaisons.id"], name=op.f("fk_liaison_addressees_liaison_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("liaison_id", "purpose", "name", name=op.f("pk_liaison_addressees")),
    )
    for table, columns in (
        ("liaisons", ("date", "response_to_id", "source_id", "status_deadline")),
        ("liaison_addressees", ("group_id",)),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                indexed = ["status", "deadline"] if column == "status_deadline" else [column]
                batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), indexed, unique=False)
    op.execute(
        f"INSERT INTO liaisons ({_OLD}, deadline_kind, is_holding, questions, approval, contact, contact_email, revision)"
        f" SELECT {_OLD}, CASE WHEN deadline = '' THEN 'unstated' ELSE 'date' END, {_no()}, '', '', '', '', 0"
        " FROM liaisons_before"
    )
    op.execute(
        f"INSERT INTO liaison_addressees ({_OLD_ADDRESSEE}, asked, due)"
        f" SELECT {_OLD_ADDRESSEE}, '', '' FROM liaison_addressees_before"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('liaisons', 'id'), (SELECT max(id) FROM liaisons))"
            " WHERE EXISTS (SELECT 1 FROM liaisons)"
        )
    for table in ("liaisons", "liaison_addressees"):
        op.execute(f"DROP TABLE {table}_before")


def _no() -> str:
    return "0" if op.get_bind().dialect.name == "sqlite" else "false"


def _fill_texts() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, title, summary FROM liaisons")).all()
    texts = [{"id": row.id, "stems": " ".join(stems(f"{row.title} {row.summary}"))} for row in rows]
    if texts:
        insert = "INSERT INTO liaison_texts (liaison_id, abstract, body, stems) VALUES (:id, '', '', :stems)"
        connection.execute(sa.text(insert), texts)


def _add() -> None:
    op.add_column("groups", sa.Column("email", sa.String(), server_default="", nullable=False))
    op.create_table(
        "liaison_assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("liaison_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            _words(
                (
                    "offered",
                    "accepted",
                    "settled",
                ),
                "assignmentstate",
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_liaison_assignments_group_id")),
        sa.ForeignKeyConstraint(
            ["liaison_id"], ["liaisons.id"], name=op.f("fk_liaison_assignments_liaison_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_liaison_assignments_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_liaison_assignments")),
        sa.UniqueConstraint("liaison_id", "name", name=op.f("uq_liaison_assignments_liaison_id_name")),
    )
    with op.batch_alter_table("liaison_assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_liaison_assignments_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_liaison_assignments_state_asked_at"), ["state", "asked_at"], unique=False)

    op.create_table(
        "liaison_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("liaison_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("acting_as", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["liaison_id"], ["liaisons.id"], name=op.f("fk_liaison_events_liaison_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_liaison_events")),
    )
    with op.batch_alter_table("liaison_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_liaison_events_liaison_id_id"), ["liaison_id", "id"], unique=False)

    op.create_table(
        "liaison_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("liaison_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _words(
                (
                    "statement",
                    "attachment",
                ),
                "liaisonfilekind",
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["persons.id"], name=op.f("fk_liaison_files_added_by")),
        sa.ForeignKeyConstraint(["digest"], ["files.digest"], name=op.f("fk_liaison_files_digest")),
        sa.ForeignKeyConstraint(
            ["liaison_id"], ["liaisons.id"], name=op.f("fk_liaison_files_liaison_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_liaison_files")),
        sa.UniqueConstraint("liaison_id", "digest", name=op.f("uq_liaison_files_liaison_id_digest")),
    )
    with op.batch_alter_table("liaison_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_liaison_files_digest"), ["digest"], unique=False)

    op.create_table(
        "liaison_texts",
        sa.Column("liaison_id", sa.Integer(), nullable=False),
        sa.Column("abstract", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("stems", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["liaison_id"], ["liaisons.id"], name=op.f("fk_liaison_texts_liaison_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("liaison_id", name=op.f("pk_liaison_texts")),
    )
    op.create_table(
        "liaison_mentions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("liaison_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("former", sa.String(), nullable=False),
        sa.Column("date", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["roadmap_items.id"], name=op.f("fk_liaison_mentions_item_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["liaison_id"], ["liaisons.id"], name=op.f("fk_liaison_mentions_liaison_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_liaison_mentions")),
        sa.UniqueConstraint(
            "liaison_id", "reference", "said", name=op.f("uq_liaison_mentions_liaison_id_reference_said")
        ),
    )
    with op.batch_alter_table("liaison_mentions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_liaison_mentions_item_id"), ["item_id"], unique=False)

    op.create_table(
        "liaison_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("liaison_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column(
            "state",
            _words(
                (
                    "open",
                    "accepted",
                    "rejected",
                ),
                "proposalstate",
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["persons.id"], name=op.f("fk_liaison_proposals_decided_by")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["roadmap_items.id"], name=op.f("fk_liaison_proposals_item_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["liaison_id"], ["liaisons.id"], name=op.f("fk_liaison_proposals_liaison_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_liaison_proposals")),
        sa.UniqueConstraint("liaison_id", "reference", name=op.f("uq_liaison_proposals_liaison_id_reference")),
    )
    with op.batch_alter_table("liaison_proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_liaison_proposals_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_liaison_proposals_state"), ["state"], unique=False)


def _words(values: Sequence[str], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
