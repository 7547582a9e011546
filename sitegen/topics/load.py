"""The topics of a site: those that were found, as a person changes them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from sitegen.errors import ContentError, SeveralErrors
from sitegen.topics import found_file, own_file
from sitegen.topics import topic as topics
from sitegen.topics.own_file import Added, Changes, Merge, Rename
from sitegen.topics.site_topics import Topics
from sitegen.topics.topic import Topic


def load(folder: Path) -> Topics:
    """Load the topics of a content folder. Raises ContentError, or SeveralErrors of them."""
    return combine(found_file.read(folder), own_file.read(folder))


def combine(recorded: found_file.Recorded, changes: Changes) -> Topics:
    """Apply the changes of a person to what was found. Raises ContentError, SeveralErrors."""
    editor = _Editor(recorded.topics, changes.path)
    for rename in changes.renames:
        editor.rename(rename)
    for merge in changes.merges:
        editor.merge(merge)
    hidden = sum([editor.hide(name) for name in changes.hidden])
    for added in changes.added:
        editor.add(added)
    editor.check_addresses()
    if editor.errors:
        raise SeveralErrors.combine(editor.errors)
    listed = sorted(editor.topics.values(), key=lambda each: (topics.key(each.name), each.name))
    unwanted = {topics.key(name) for name in changes.hidden}
    gone = [name for name in recorded.former if topics.key(name) not in unwanted]
    own_groups = {added.topic.group for added in changes.added} - {""}
    return Topics(
        topics=tuple(listed),
        forwards=_forwards(listed, gone),
        too_few=recorded.too_few,
        people=recorded.people,
        hidden=hidden,
        own_groups=tuple(sorted(own_groups)),
    )


class _Editor:
    """The topics by their compared names, while changes are applied in their order."""

    def __init__(self, found: tuple[Topic, ...], path: Path) -> None:
        self.topics = {topics.key(each.name): each for each in found}
        self.path = path
        self.lines: dict[str, int | None] = {}
        self.errors: list[ContentError] = []
        # What was found, by any name that it has or had, and what the changes do to it.
        self.found = {topics.key(name): at for at in self.topics for name in self.topics[at].former}
        self.found |= {known: known for known in self.topics}
        self.renamed: dict[str, str] = {}
        self.merged: dict[str, str] = {}

    def rename(self, change: Rename) -> None:
        """Give a topic another name; its former one leads to it."""
        old, new = self.find(change.old), topics.key(change.new)
        before = self.renamed.setdefault(self._origin(change.old), change.new)
        if old is None:
            self._refuse_unknown(change.old, change.line)
        elif before != change.new:
            self._refuse_second(change.old, f"renamed to {before}", change.line)
        elif new in self.topics and new != old:
            hint = f'merge them: "{change.new}" = ["{change.old}"] under [merge].'
            self._refuse(f"there is a topic {change.new} already", change.line, hint)
        else:
            topic = self.topics.pop(old)
            former = topic.former if new == old else (*topic.former, topic.name)
            self.topics[new] = replace(topic, name=change.new, former=former)
            self.lines[new] = change.line

    def merge(self, change: Merge) -> None:
        """Give a topic, which may be new, the posts of others."""
        found = [(name, self.find(name)) for name in change.others]
        for name, known in found:
            before = self.merged.setdefault(self._origin(name), change.into)
            if known is None:
                self._refuse_unknown(name, change.line)
            elif before != change.into:
                self._refuse_second(name, f"merged into {before}", change.line)
        into_before = self.merged.get(self._origin(change.into), change.into)
        if into_before != change.into:
            self._refuse_second(change.into, f"merged into {into_before}", change.line)
        into = self.find(change.into) or topics.key(change.into)
        target = self.topics.get(into, Topic(change.into))
        others = dict.fromkeys([known for _, known in found if known and known != into])
        for each in [self.topics.pop(known) for known in others]:
            target = replace(
                target,
                words=(*target.words, *each.words),
                tags=(*target.tags, *each.tags),
                group=target.group or each.group,
                former=(*target.former, *each.former, each.name),
            )
        self.topics[into] = target
        self.lines[into] = change.line

    def hide(self, name: str) -> bool:
        """Remove a topic; one that is not there may be found later."""
        known = self.find(name)
        return bool(known and self.topics.pop(known))

    def add(self, added: Added) -> None:
        """Add a topic, or words, a query and a group to one that was found."""
        known = self.find(added.topic.name) or topics.key(added.topic.name)
        topic = self.topics.get(known)
        self.topics[known] = added.topic if topic is None else replace(
            topic,
            name=added.topic.name,
            words=(*topic.words, *added.topic.words),
            query=added.topic.query,
            group=added.topic.group or topic.group,
        )  # fmt: skip
        self.lines[known] = added.line

    def find(self, name: str) -> str | None:
        """Return the compared name of the topic that has or had this name; None without one."""
        wanted = topics.key(name)
        if wanted in self.topics:
            return wanted
        had = (known for known, each in self.topics.items()
               if wanted in map(topics.key, each.former))  # fmt: skip
        return next(had, None)

    def check_addresses(self) -> None:
        """Check that no two topics have the same address."""
        owners: dict[str, str] = {}
        for known, topic in self.topics.items():
            other = owners.setdefault(topic.slug, known)
            if other != known:
                what = f"{topic.name} has the address of {self.topics[other].name}"
                line = self.lines.get(known) or self.lines.get(other)
                self._refuse(what, line, "give one of them another name.")

    def _origin(self, name: str) -> str:
        """Return the compared name of the found topic that is meant, or else of the new one."""
        return self.found.get(topics.key(name), topics.key(name))

    def _refuse_second(self, name: str, before: str, line: int | None) -> None:
        self._refuse(f"{name} is {before} already", line, "remove one of the two lines.")

    def _refuse_unknown(self, name: str, line: int | None) -> None:
        import difflib

        near = difflib.get_close_matches(topics.key(name), self.topics, 1, 0.6)
        cure = f"did you mean {self.topics[near[0]].name}?" if near else "see `sitegen topics`."
        self._refuse(f"there is no topic {name}", line, cure)

    def _refuse(self, what: str, line: int | None, hint: str) -> None:
        self.errors.append(ContentError(what, path=self.path, line=line, hint=hint))


def _forwards(listed: list[Topic], gone: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the former names in addresses, and the present ones that they lead to."""
    forwards = dict.fromkeys([topics.slug(name) for name in gone], "")
    for topic in listed:
        forwards.update(dict.fromkeys([topics.slug(name) for name in topic.former], topic.slug))
    taken = {topic.slug for topic in listed}
    return tuple(sorted([(old, new) for old, new in forwards.items() if old not in taken]))
