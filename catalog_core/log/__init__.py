"""What the server logs, where, and what it never lets through.

Everything goes through the standard library; this package only describes it. Nothing here needs Django, because the
settings themselves import it.
"""

from catalog_core.log.access import log_access
from catalog_core.log.configuration import LOG_FORMATS, logging_configuration
from catalog_core.log.redaction import redact
from catalog_core.log.request import RequestIdFilter, request_id

__all__ = ["LOG_FORMATS", "RequestIdFilter", "log_access", "logging_configuration", "redact", "request_id"]
