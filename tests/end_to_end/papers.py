"""A command that takes files, as the end-to-end tests call it."""

from collections.abc import Sequence

from handlers import dropping
from handlers.command import Reply, Request, Role, command
from handlers.dropping import FileNumbers, file_field
from handlers.form import Choice, Form, Line, field
from handlers.situation import Situation
from storage import drops


class Filing(Form):
    file: FileNumbers = file_field()
    title: Line = field("Title")

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        return await dropping.offers(situation, typed)


@command("paper add", form=Filing, role=Role.GUEST, help="Add a paper", changes=True, takes_file=True)
async def add_paper(request: Request, filing: Filing) -> Reply:
    sizes = [len(await drops.content(request.session, one.id)) for one in request.files]
    said = [f"{one.name} {one.media_type} {size}" for one, size in zip(request.files, sizes, strict=True)]
    return Reply("terms/unknown", subject=f"{filing.title}: {', '.join(said)}", near=())
