"""The queries of topics in `content/topics.toml`."""

from __future__ import annotations

from sitegen.errors import QueryError
from sitegen.query import parser
from sitegen.query.matching import Matcher, compile_query
from sitegen.query.values import Field


def compile_topic(text: str) -> Matcher:
    """Compile the query of a topic. Raises QueryError.

    It may name no accounts: which posts are of a topic is decided where a thread is read, when the
    names of all accounts are not known. Nor may it name topics.
    """
    query = parser.parse(text)
    if not query.terms:
        raise QueryError("a query without terms would have every post", hint="name some words.")
    if query.sort:
        raise QueryError("a topic has no order", hint=f"remove sort:{query.sort}.")
    conditions = [term.condition for term in query.terms]
    if any(isinstance(each, Field) and each.key == "topic" for each in conditions):
        raise QueryError("a topic cannot be made of topics", hint="merge them, under [merge].")
    matcher = compile_query(query)
    if matcher.accounts:
        hint = "write a [[collection]] in sitegen.toml for posts of an account."
        raise QueryError("a topic is about words, not accounts", hint=hint)
    return matcher
