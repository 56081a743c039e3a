"""The filter language as far as the suite speaks it, for the fake server; written apart from that of the real one."""

import re

TOKEN = re.compile(r"\s*(?:('(?:[^'\\]|\\.)*')|(-?\d+(?:\.\d+)?)|(!=|>=|<=|[=<>(),])|([A-Za-z_][\w.]*))")
COMPARE = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
}


class BadFilter(Exception):
    """The filter cannot be understood."""


def compile_filter(text, fields):
    """Return a function that says whether an item passes."""
    parser = _Parser(text, fields)
    condition = parser.disjunction()
    if parser.tokens:
        raise BadFilter(f"unexpected {parser.tokens[0]!r}")
    return condition


class _Parser:
    def __init__(self, text, fields):
        self.fields = fields
        self.tokens = []
        text = text.rstrip()
        position = 0
        while position < len(text):
            match = TOKEN.match(text, position)
            if not match:
                raise BadFilter(f"cannot read {text[position:]!r}")
            self.tokens.append(match.group().strip())
            position = match.end()

    def take(self):
        if not self.tokens:
            raise BadFilter("the filter ends too early")
        return self.tokens.pop(0)

    def next_is(self, word):
        if self.tokens and self.tokens[0].upper() == word:
            self.tokens.pop(0)
            return True
        return False

    def disjunction(self):
        parts = [self.conjunction()]
        while self.next_is("OR"):
            parts.append(self.conjunction())
        return lambda item: any(part(item) for part in parts)

    def conjunction(self):
        parts = [self.negation()]
        while self.next_is("AND"):
            parts.append(self.negation())
        return lambda item: all(part(item) for part in parts)

    def negation(self):
        if self.next_is("NOT"):
            inner = self.negation()
            return lambda item: not inner(item)
        if self.next_is("("):
            inner = self.disjunction()
            if not self.next_is(")"):
                raise BadFilter("a parenthesis is not closed")
            return inner
        return self.comparison()

    def comparison(self):
        name = self.take()
        if name not in self.fields:
            raise BadFilter(f"there is no field {name}")
        operator = self.take().upper()
        if operator == "IN":
            return self.membership(name)
        value = self.value()
        if operator == "LIKE":
            pattern = re.compile(".*".join(re.escape(part) for part in str(value).split("%")), re.DOTALL)
            return lambda item: any(pattern.fullmatch(found) for found in _values(item, name))
        if operator == "!=":
            return lambda item: value not in _values(item, name)
        if operator not in COMPARE:
            raise BadFilter(f"there is no operator {operator}")
        return lambda item: any(COMPARE[operator](found, value) for found in _values(item, name))

    def membership(self, name):
        values = []
        if not self.next_is("("):
            raise BadFilter("IN wants a parenthesis")
        while not self.next_is(")"):
            values.append(self.value())
            self.next_is(",")
        return lambda item: any(found in values for found in _values(item, name))

    def value(self):
        token = self.take()
        if token.startswith("'"):
            return re.sub(r"\\(.)", r"\1", token[1:-1])
        if token.upper() in ("TRUE", "FALSE"):
            return token.upper() == "TRUE"
        try:
            return float(token)
        except ValueError:
            raise BadFilter(f"{token} is no value") from None


def _values(item, name):
    value = item.get(name)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
