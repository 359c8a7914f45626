"""The sender: one mail, handed in at the mail server, with every way in which that may end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage

from aiosmtplib import SMTP, SMTPException, SMTPResponseException, SMTPServerDisconnected

from bot.arrival import Message
from bot.mail_server import MailServer
from bot.platforms import Address, Envelope, Limits, Receipt, Unreachable
from bot.platforms.email.address import MailAddress, NoAddress
from bot.platforms.email.connections import PATIENCE, Connection, Connections
from bot.platforms.email.errors import platform_error
from bot.platforms.email.mime import Letterhead, Thread, composed
from bot.render.renderer import Renderer

PLATFORM = "email"

_NOT_TAKEN = "the mail server takes no address with such letters before the @"


class EmailSender:
    """E-mail. It only sends; nothing is received."""

    name = PLATFORM
    # What small servers take from one sender without slowing down.
    limits = Limits(per_second=5.0, target_seconds=1.0, at_once=4)

    def __init__(
        self,
        server: MailServer,
        sender: str,
        name: str,
        render: Renderer,
        patience: float = PATIENCE,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`sender` is the address that mail is from, `name` what is shown beside it. Raises `ValueError`."""
        self._connections = Connections(server, patience)
        self._head = Letterhead(name, MailAddress.of(sender))
        self._render = render
        self._clock = clock

    @property
    def is_ready(self) -> bool:
        """Always: a connection is opened when there is something to send."""
        return True

    def is_group(self, address: Address) -> bool:
        return False

    async def send(self, address: Address, message: Message, envelope: Envelope) -> Receipt:
        return await self._send(address, message, envelope, None)

    async def edit(self, address: Address, receipt: Receipt, message: Message, envelope: Envelope) -> Receipt:
        """Another mail, in answer to the first: what was sent cannot be changed."""
        thread = Thread(tuple(one for one in (receipt.get("thread", ""), receipt.get("message_id", "")) if one))
        return await self._send(address, message, envelope, thread)

    async def stop(self) -> None:
        """Close the connections."""
        await self._connections.close()

    async def _send(self, address: Address, message: Message, envelope: Envelope, corrects: Thread | None) -> Receipt:
        to = _address(address.conversation)
        document = self._render.parse(message.markdown)
        made = composed(self._head, to, document, message, envelope, self._clock(), corrects)
        await self._hand_in(made, to)
        first = corrects.ids[:1] if corrects else ()
        return {"message_id": str(made["Message-ID"]), **({"thread": first[0]} if first else {})}

    async def _hand_in(self, mail: EmailMessage, to: MailAddress) -> None:
        content = bytes(mail)
        try:
            async with self._connections.one() as connection:
                if await self._announce(connection, to):
                    await _deliver(connection.client, content)
                    return
            # The server had closed it while it was idle: nothing was sent, and a new one is not as old.
            async with self._connections.one(new=True) as connection:
                await self._announce(connection, to)
                await _deliver(connection.client, content)
        except (SMTPException, OSError) as error:
            raise platform_error(error) from error

    async def _announce(self, connection: Connection, to: MailAddress) -> bool:
        """Say who writes to whom; False when the connection turns out to have grown too old."""
        client = connection.client
        options, encoding = (("SMTPUTF8",), "utf-8") if to.is_international else ((), "ascii")
        if to.is_international and not await _takes_utf8(client):
            raise Unreachable(_NOT_TAKEN)
        try:
            await client.mail(self._head.address.text, options=options, encoding=encoding)
        except SMTPServerDisconnected:
            if connection.is_new:
                raise
            return False
        except SMTPResponseException as error:
            if error.code != 421 or connection.is_new:
                raise
            client.close()
            return False
        await client.rcpt(to.text, encoding=encoding)
        return True


async def _deliver(client: SMTP, content: bytes) -> None:
    try:
        await client.data(content)
    except SMTPResponseException:
        raise
    except (SMTPException, OSError) as error:
        # It may have been taken before the connection broke.
        raise platform_error(error, uncertain=True) from error


async def _takes_utf8(client: SMTP) -> bool:
    if client.is_ehlo_or_helo_needed:
        await client.ehlo()
    return client.supports_extension("smtputf8")


def _address(text: str) -> MailAddress:
    try:
        return MailAddress.of(text)
    except NoAddress as error:
        raise Unreachable(f"this is no mail address: {error}") from error
