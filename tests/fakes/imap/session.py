"""One client's session: commands in, answers out."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from .mailbox import Mailbox, Stored

if TYPE_CHECKING:
    from .server import ImapFake

_LINE = re.compile(r"(?P<tag>\S+) (?P<name>UID \S+|\S+) ?(?P<rest>.*)", re.DOTALL)
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_PART = re.compile(r"BODY\.PEEK\[(HEADER|)\](?:<(\d+)\.(\d+)>)?")


class Session:
    """Answers until the client logs out."""

    def __init__(self, fake: ImapFake, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._fake = fake
        self._reader = reader
        self._writer = writer
        self._is_in = False
        self._selected: Mailbox | None = None

    async def run(self) -> None:
        await self._say("* OK [CAPABILITY IMAP4rev1] ready")
        while line := await self._reader.readline():
            found = _LINE.fullmatch(line.decode().rstrip("\r\n"))
            if found is None:
                await self._say("* BAD that is no command")
                continue
            tag, name, rest = found["tag"], found["name"].upper(), found["rest"]
            await self._fake.heard(name if name in ("LOGIN", "AUTHENTICATE") else f"{name} {rest}".strip())
            if not await self._goes_wrong(tag, name):
                await self._obey(tag, name, rest)
            if name == "LOGOUT":
                return

    async def _goes_wrong(self, tag: str, step: str) -> bool:
        match self._fake.wrong(step):
            case ("refused", said):
                await self._say(f"{tag} NO {said}")
                return True
            case ("hangs", _):
                await asyncio.Event().wait()
            case ("dropped", _):
                self._writer.transport.abort()
                raise ConnectionResetError
        return False

    async def _obey(self, tag: str, name: str, rest: str) -> None:
        match name:
            case "CAPABILITY":
                offers = ["IMAP4rev1", *(["AUTH=PLAIN"] if self._fake.is_plain else [])]
                offers += ["STARTTLS"] if self._fake.offers_tls else []
                await self._say(f"* CAPABILITY {' '.join(offers)}", f"{tag} OK done")
            case "STARTTLS":
                assert self._fake.secure
                await self._say(f"{tag} OK begin")
                await self._writer.start_tls(self._fake.secure)
            case "AUTHENTICATE":
                await self._say("+ ")
                answer = await self._reader.readline()
                await self._let_in(tag, self._fake.is_let_in_by(answer.strip()))
            case "LOGIN":
                user, password = _words(rest)
                await self._let_in(tag, self._fake.is_let_in(user, password))
            case "SELECT" | "EXAMINE" if self._is_in:
                await self._select(tag, _words(rest)[0], name == "EXAMINE")
            case "UID SEARCH" if self._selected:
                uids = " ".join(str(one.uid) for one in self._selected.found(rest.split()))
                await self._say(f"* SEARCH {uids}".rstrip(), f"{tag} OK done")
            case "UID FETCH" if self._selected:
                await self._fetch(tag, self._selected, rest)
            case "UID STORE" if self._selected:
                await self._store(tag, self._selected, rest)
            case "NOOP":
                await self._say(f"{tag} OK done")
            case "LOGOUT":
                await self._say("* BYE goodbye", f"{tag} OK done")
            case _:
                await self._say(f"{tag} BAD {name} is not known, or not now")

    async def _let_in(self, tag: str, is_let_in: bool) -> None:
        self._is_in = is_let_in
        await self._say(f"{tag} OK done" if is_let_in else f"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials")

    async def _select(self, tag: str, name: str, is_examined: bool) -> None:
        folder = self._fake.folders.get(name)
        if folder is None:
            await self._say(f"{tag} NO [NONEXISTENT] there is no {name}")
            return
        self._selected = folder
        access = "READ-ONLY" if folder.is_read_only or is_examined else "READ-WRITE"
        await self._say(
            f"* {len(folder.mails)} EXISTS",
            "* 0 RECENT",
            r"* FLAGS (\Seen \Flagged \Deleted)",
            f"* OK [UIDVALIDITY {folder.validity}] valid",
            f"{tag} OK [{access}] selected",
        )

    async def _fetch(self, tag: str, folder: Mailbox, rest: str) -> None:
        uids, _, items = rest.partition(" ")
        for place, one in folder.of(uids):
            # A server may tell of others' flags at any time.
            await self._say(f"* {place} FETCH (FLAGS ({' '.join(sorted(one.flags))}))")
            part = _PART.search(items)
            said = [f"UID {one.uid}", *([f"RFC822.SIZE {len(one.raw)}"] if "RFC822.SIZE" in items else [])]
            assert part
            if await self._goes_wrong(tag, part[1] or "BODY"):
                return
            await self._send_part(place, said, one, part)
        await self._say(f"{tag} OK done")

    async def _send_part(self, place: int, said: list[str], one: Stored, part: re.Match[str]) -> None:
        whole = one.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if part[1] else one.raw
        content = whole[int(part[2]) : int(part[2]) + int(part[3])] if part[2] else whole
        origin = f"<{part[2]}>" if part[2] else ""
        begin = f"* {place} FETCH ({' '.join(said)} BODY[{part[1]}]{origin} {{{len(content)}}}\r\n".encode()
        if self._fake.wrong(f"{part[1] or 'BODY'} CUT"):
            self._writer.write(begin + content[: len(content) // 2])
            await self._writer.drain()
            self._writer.transport.close()
            raise ConnectionResetError
        self._writer.write(begin + content + b")\r\n")
        await self._writer.drain()

    async def _store(self, tag: str, folder: Mailbox, rest: str) -> None:
        uids, how, flags = rest.split(" ", 2)
        assert how.upper().startswith("+FLAGS")
        for _place, one in folder.of(uids):
            one.flags |= set(flags.strip("()").split())
        await self._say(f"{tag} OK done")
        await self._fake.heard("STORED")

    async def _say(self, *lines: str) -> None:
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await self._writer.drain()


def _words(rest: str) -> list[str]:
    return [re.sub(r"\\(.)", r"\1", quoted) if quoted else plain for quoted, plain in _WORD.findall(rest)]
