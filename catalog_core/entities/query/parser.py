"""From the text of a filter to its tree, and from the text of a field name to its parts."""

import re
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, cast

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from catalog_core.entities.query.nodes import (
    Comparison,
    Literal,
    Name,
    Node,
    Not,
    Operator,
    Scalar,
    conjunction,
    disjunction,
)
from catalog_core.exceptions import InvalidQuery

MAX_BYTES = 8 * 1024
"""Longest filter, in bytes of UTF-8."""
MAX_DEPTH = 50
"""Deepest nesting of parentheses and ``NOT``."""
MAX_LIST = 500
"""Most values of one ``IN``."""
MAX_NUMBER = sys.float_info.max
"""Largest number, positive or negative."""
FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
"""Characters that PostgreSQL cannot store or UTF-8 cannot write."""
MAX_CONDITIONS = 200
"""Most conditions of one filter; SQLite refuses expressions that are a thousand levels deep."""

_EXPECTED = {
    "WORD": "a field name",
    "BACKTICKED": "a field name",
    "STRING": "a value",
    "NUMBER": "a value",
    "TRUE": "a value",
    "FALSE": "a value",
    "NOT": "NOT",
    "LPAR": '"("',
    "_RPAR": '")"',
    "_COMMA": '","',
    "_DOT": '"."',
    "_AND": "AND",
    "_OR": "OR",
    "COMPARATOR": "an operator (=, !=, <, <=, >, >=, LIKE, ILIKE, IN, IS NULL)",
    "LIKE": "LIKE",
    "ILIKE": "ILIKE",
    "IN": "IN",
    "_NULL": "NULL",
    "$END": "the end",
}
"""What people are told for each terminal of the grammar."""
_OPERATORS = frozenset({"LIKE", "ILIKE", "IN", "NOT", "_IS"})
"""Terminals that need not be told where any operator may stand: ``COMPARATOR`` tells them too."""


class _Nested(NamedTuple):
    """A finished part of the tree with its depth and its number of conditions, so that limits hold while parsing."""

    node: Node
    depth: int = 0
    conditions: int = 1


class _TooLarge(Exception):
    """The filter exceeds a limit; the text is for people."""

    def __init__(self, message: str, position: int | None) -> None:
        super().__init__(message)
        self.position = position


class _Builder(Transformer[Token, Any]):
    """Makes nodes while the parser runs, so that nothing here recurses over what a client sent."""

    def query(self, children: list[_Nested]) -> Node | None:
        return children[0].node if children else None

    def disjunction(self, children: list[_Nested]) -> _Nested:
        return _joined(disjunction(tuple(child.node for child in children)), children)

    def conjunction(self, children: list[_Nested]) -> _Nested:
        return _joined(conjunction(tuple(child.node for child in children)), children)

    def negation(self, children: list[Any]) -> _Nested:
        token, inner = children
        return _deeper(token, Not(inner.node), inner)

    def group(self, children: list[Any]) -> _Nested:
        token, inner = children
        return _deeper(token, inner.node, inner)

    def comparison(self, children: list[Any]) -> _Nested:
        name, token, literal = children
        sign = token.upper()
        unequal = sign in ("!=", "<>")
        return _Nested(Comparison(name, Operator("=" if unequal else sign), (literal,), negated=unequal))

    def negated_comparison(self, children: list[Any]) -> _Nested:
        name, _, token, literal = children
        return _Nested(Comparison(name, Operator(token.upper()), (literal,), negated=True))

    def membership(self, children: list[Any]) -> _Nested:
        name, _, token, *literals = children
        return _Nested(_membership(name, token, literals, negated=False))

    def negated_membership(self, children: list[Any]) -> _Nested:
        name, _, _, token, *literals = children
        return _Nested(_membership(name, token, literals, negated=True))

    def absence(self, children: list[Any]) -> _Nested:
        return _Nested(Comparison(children[0], Operator.IS_NULL, ()))

    def presence(self, children: list[Any]) -> _Nested:
        return _Nested(Comparison(children[0], Operator.IS_NULL, (), negated=True))

    def name(self, children: list[Token]) -> Name:
        return Name(tuple(_part(token) for token in children), children[0].start_pos)

    def literal(self, children: list[Token]) -> Literal:
        (token,) = children
        return Literal(_LITERALS[token.type](token), token.start_pos)


def _joined(node: Node, children: list[_Nested]) -> _Nested:
    conditions = sum(child.conditions for child in children)
    if conditions > MAX_CONDITIONS:
        raise _TooLarge(f"more than {MAX_CONDITIONS} conditions; join those on one field with IN.", None)
    return _Nested(node, max(child.depth for child in children), conditions)


def _deeper(token: Token, node: Node, inner: _Nested) -> _Nested:
    if inner.depth >= MAX_DEPTH:
        raise _TooLarge(f"parentheses and NOT are nested deeper than {MAX_DEPTH} levels.", token.start_pos)
    return _Nested(node, inner.depth + 1, inner.conditions)


def _membership(name: Name, token: Token, literals: list[Literal], *, negated: bool) -> Comparison:
    if len(literals) > MAX_LIST:
        raise _TooLarge(f"a list of more than {MAX_LIST} values; split the question.", token.start_pos)
    return Comparison(name, Operator.IN, tuple(literals), negated=negated)


def _part(token: Token) -> str:
    return re.sub(r"\\([`.\\])", r"\1", token[1:-1]) if token.type == "BACKTICKED" else str(token)


def unquote(written: str) -> str:
    """Strip one pair of quotes; keep a backslash before anything but a quote or backslash: LIKE gives it a meaning."""
    quote = written[0]
    return re.sub(rf"\\(['\"\\])|{quote}({quote})", r"\1\2", written[1:-1])


def _number(token: Token) -> int | float:
    if len(token) <= 40 and re.fullmatch(r"[-+]?[0-9]+", token):
        return int(token)
    number = float(token)
    if abs(number) > MAX_NUMBER:
        raise _TooLarge("this number is too large.", token.start_pos)
    return number


_LITERALS: Mapping[str, Callable[[Token], Scalar]] = {
    "STRING": unquote,
    "NUMBER": _number,
    "TRUE": lambda _: True,
    "FALSE": lambda _: False,
}


@lru_cache(maxsize=1)
def _grammar() -> Lark:
    return Lark(
        Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8"),
        parser="lalr",
        start=["query", "name"],
        transformer=_Builder(),
        maybe_placeholders=False,
    )


def parse_filter(text: str, *, parameter: str = "filterQuery") -> Node | None:
    """Return the tree of the filter ``text``; ``None`` if it is empty, blank or nothing but comments.

    Args:
        text: the filter as in docs/query-language.md, at most 8 KiB.
        parameter: the query parameter that it came in, for messages.

    Raises:
        InvalidQuery: the text does not follow the grammar or exceeds a limit.
    """
    _check_characters(text, parameter)
    try:
        return _parse(text)
    except UnexpectedInput as error:
        _explain(error, text, parameter)
    except _TooLarge as error:
        raise InvalidQuery(str(error), parameter=parameter, position=error.position) from None


def parse_name(text: str, *, parameter: str) -> Name:
    """Return the field name that ``text`` consists of, such as ``artifacts.ttft_p90`` or ``labels.`my.key```.

    Raises:
        InvalidQuery: the text is not exactly one name.
    """
    _check_characters(text, parameter)
    try:
        return cast(Name, _grammar().parse(text, start="name"))
    except UnexpectedInput as error:
        _explain(error, text, parameter)


@lru_cache(maxsize=256)
def _parse(text: str) -> Node | None:
    return cast("Node | None", _grammar().parse(text, start="query"))


def _check_characters(text: str, parameter: str) -> None:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise InvalidQuery(f"{size} bytes long; at most {MAX_BYTES} are accepted.", parameter=parameter)
    if found := FORBIDDEN.search(text):
        raise InvalidQuery("this character cannot occur in any text.", parameter=parameter, position=found.start())


def _explain(error: UnexpectedInput, text: str, parameter: str) -> NoReturn:
    """Say what is wrong in words of the language, not of the parser."""
    at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    position = len(text) if at_end else (error.pos_in_stream or 0)
    found = "the end" if at_end else _excerpt(text, position)
    expected = _expected(error)
    message = f"found {found}, expected {expected}."
    if isinstance(error, UnexpectedCharacters) and text[position] in "'\"`":
        message = f"the quote {text[position]} is not closed."
    elif not at_end and "a value" in expected and (word := re.match(r"[\w.:/-]+", text[position:])):
        message += f" Text stands in quotes: '{word[0][:40]}'."
    raise InvalidQuery(message, parameter=parameter, position=position) from None


def _excerpt(text: str, position: int) -> str:
    word = re.match(r"\w+|\W", text[position:], re.ASCII)
    return f'"{word[0][:40]}"' if word else "the end"


def _expected(error: UnexpectedInput) -> str:
    terminals: set[str] = error.interactive_parser.accepts()  # type: ignore[no-untyped-call]  # lark has no types here
    if "COMPARATOR" in terminals:
        terminals = terminals - _OPERATORS
    return " or ".join(sorted({_EXPECTED[terminal] for terminal in terminals if terminal in _EXPECTED}))
