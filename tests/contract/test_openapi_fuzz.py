"""The API is called with whatever its description allows and with what it does not allow (schemathesis).

The quick form tries a few requests, always the same ones, on the server's own paths and on two catalogs, since all are
served by the same code. ``test_openapi_fuzz_long.py`` tries many on all of them.
"""

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, settings
from schemathesis.checks import negative_data_rejection, positive_data_acceptance
from schemathesis.config import SchemathesisConfig

from catalog_core.api.openapi import server_document

EVERYTHING = settings(deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))


def described(paths, *, coverage):
    """Return the operations of some paths; ``coverage`` adds requests for each keyword of each schema."""
    config = SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": coverage}}})
    description = schemathesis.openapi.from_dict(server_document(), config=config).include(path_regex=paths)
    description.app = WSGIHandler()
    return description


quick = described(r"^/(api/(agents_catalog|model_catalog|plugins|schema)|[a-z]*$)", coverage=False)


def call(case):
    """Send a request and check the answer.

    Values that a schema allows may be refused: no schema can describe the language of filters or the tokens of pages.
    An empty parameter is as good as none. Answers come uncompressed, since schemathesis cannot unpack them.
    """
    skipped = [positive_data_acceptance]
    if "" in case.query.values():
        skipped.append(negative_data_rejection)
    case.call_and_validate(headers={"Accept-Encoding": "identity"}, excluded_checks=skipped)


@pytest.mark.usefixtures("kept_connection")
@pytest.mark.django_db
@quick.parametrize()
@settings(EVERYTHING, max_examples=6)
def test_requests_of_all_kinds_are_answered_as_described(bundled_catalogs, case):
    call(case)
