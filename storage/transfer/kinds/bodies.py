"""Bodies with their aliases."""

from storage.tables import Body, BodyAlias
from storage.transfer.aliased import AliasedRows


class Rows(AliasedRows):
    table = Body
    aliases = (BodyAlias.body_id, BodyAlias.alias)
