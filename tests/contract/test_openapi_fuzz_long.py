"""The long form of ``test_openapi_fuzz.py``: many requests on all paths.

A file of its own, since collecting it takes long: ``conftest.py`` leaves it out where no long form is asked for.
"""

import pytest
from hypothesis import settings

from tests.contract.test_openapi_fuzz import EVERYTHING, call, described

everything = described("", coverage=True)


@pytest.mark.long
@pytest.mark.usefixtures("kept_connection")
@pytest.mark.django_db
@everything.parametrize()
@settings(EVERYTHING, max_examples=100)
def test_many_requests_of_all_kinds_are_answered_as_described(bundled_catalogs, case):
    call(case)
