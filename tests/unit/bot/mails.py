"""Mails as tests receive them."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO

from docx import Document


def mail(
    subject: str = "Liaison statement",
    text: str = "Please find it attached.",
    *,
    files: dict[str, bytes] | None = None,
    number: str = "1",
    sender: str = "Kim Lee <kim@example.org>",
    **headers: str,
) -> bytes:
    """A mail as it lies in a mailbox. In the names of headers `_` stands for `-`."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = sender, "ls@example.org", subject
    made["Date"] = "Mon, 02 Sep 2024 10:00:00 +0200"
    made["Message-ID"] = f"<{number}@example.org>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    for name, content in (files or {}).items():
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return bytes(made)


def statement(number: str = "SG13-LS999", title: str = "LS on QKD networks", deadline: str = "2024-10-01") -> bytes:
    """A statement in the ITU-T form, for action to JCA-QKDN."""
    document = Document()
    table = document.add_table(0, 2)
    rows = {
        "Question(s):": "16/13",
        "Source:": "ITU-T Study Group 13",
        "Title:": title,
        "LIAISON STATEMENT": number,
        "For action to:": "JCA-QKDN",
        "For comment to:": "-",
        "For information to:": "ISO/IEC JTC 1/SC 27",
        "Approval:": "ITU-T Study Group 13 meeting (Geneva, 2 September 2024)",
        "Deadline:": deadline,
        "Contact:": "Kim Lee\tE-mail: kim@example.org",
    }
    for label, value in rows.items():
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
    document.add_paragraph("Y.3815 was approved.")
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()
