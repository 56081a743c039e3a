"""Requests that the server makes to others: the only place that opens a connection to an address from a configuration.

Every request goes to an address that was looked at first: names are resolved once, addresses that are not public are
refused unless they are allowed by setting, and the connection is made to exactly the address that was checked.
"""

from catalog_core.security.outgoing.addresses import AddressPolicy, Resolver, is_public, system_resolver
from catalog_core.security.outgoing.budget import Budget, OutOfBytes, OutOfTime
from catalog_core.security.outgoing.client import Answer, OutgoingClient, RequestLimits
from catalog_core.security.outgoing.urls import checked_url, place_of, redact_url

__all__ = [
    "AddressPolicy",
    "Answer",
    "Budget",
    "OutOfBytes",
    "OutOfTime",
    "OutgoingClient",
    "RequestLimits",
    "Resolver",
    "checked_url",
    "is_public",
    "place_of",
    "redact_url",
    "system_resolver",
]
