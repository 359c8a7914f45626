"""Topics with their aliases."""

from storage.tables import Topic, TopicAlias
from storage.transfer.aliased import AliasedRows


class Rows(AliasedRows):
    table = Topic
    aliases = (TopicAlias.topic_id, TopicAlias.alias)
