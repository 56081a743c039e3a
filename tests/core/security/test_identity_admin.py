"""Tokens in the Django admin, as a browser sees it."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from catalog_core.security.identity.caller import Role
from catalog_core.security.identity.tokens import issue_token
from catalog_core.security.models import ApiToken, TokenState

LIST = "/admin/catalog_core/apitoken/"
TOKEN = re.compile(r"coc_[0-9a-f]{12}_[0-9a-f]{64}")

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    client.force_login(User.objects.create_superuser("root"))
    return client


def form(**changes):
    end = timezone.now() + timedelta(days=30)
    return {
        "name": "nightly",
        "role": "operator",
        "expires_at_0": f"{end:%Y-%m-%d}",
        "expires_at_1": f"{end:%H:%M:%S}",
        **changes,
    }


def issue(name="nightly"):
    return issue_token(name=name, role=Role.VIEWER, expires_at=None, created_by="root")


def test_token_is_shown_once_and_works(administrator, probe):
    page = administrator.post(f"{LIST}add/", form())
    assert page.status_code == 200
    token = TOKEN.search(page.content.decode())[0]
    assert "no-store" in page["Cache-Control"]
    assert token not in str(page.cookies)
    row = ApiToken.objects.get()
    assert (row.created_by, row.role) == ("root", "operator")
    assert probe("POST", token=token).json()["name"] == "token:nightly"
    for path in (LIST, f"{LIST}{row.pk}/change/", f"{LIST}{row.pk}/history/", "/admin/"):
        shown = administrator.get(path).content.decode()
        assert token[20:] not in shown, path


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "taken"}, "Another token has this name"),
        ({"role": "root"}, "not one of the available choices"),
        ({"expires_at_0": "2001-01-01"}, "This time has passed"),
        ({"expires_at_0": "soon"}, "Enter a valid date"),
    ],
)
def test_mistakes_in_the_form_are_told_and_issue_nothing(administrator, changes, problem):
    issue("taken")
    page = administrator.post(f"{LIST}add/", form(**changes))
    assert problem in unescape(page.content.decode())
    assert ApiToken.objects.count() == 1


def test_form_suggests_an_end_and_the_lesser_role(administrator):
    page = administrator.get(f"{LIST}add/").content.decode()
    assert f"{timezone.now() + timedelta(days=90):%Y-%m-%d}" in page
    assert '<option value="viewer" selected>' in page
    assert "Issue the token" in page


def test_token_is_revoked_by_its_button(administrator, probe):
    token = issue()
    page = f"{LIST}{token.row.pk}/change/"
    assert "Revoke this token" in administrator.get(page).content.decode()
    answer = administrator.post(page, {"_revoke": "1"}, follow=True)
    assert "Revoked: nightly." in answer.content.decode()
    assert "changed successfully" not in answer.content.decode()
    assert ApiToken.objects.get().revoked_by == "root"
    assert "Revoke this token" not in administrator.get(page).content.decode()


def test_several_tokens_are_revoked_from_the_list(administrator):
    rows = [issue(name).row for name in ("one", "two", "three")]
    selected = {"action": "revoke", "_selected_action": [rows[0].pk, rows[1].pk]}
    administrator.post(LIST, selected)
    assert sorted(row.name for row in ApiToken.objects.all() if row.state is TokenState.REVOKED) == ["one", "two"]
    assert "Nothing to revoke" in administrator.post(LIST, selected, follow=True).content.decode()


def test_nothing_else_of_a_token_can_be_changed_and_none_is_deleted(administrator):
    row = issue().row
    administrator.post(f"{LIST}{row.pk}/change/", {"name": "other", "role": "operator"})
    assert administrator.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    kept = ApiToken.objects.get()
    assert (kept.name, kept.role, kept.revoked_at) == ("nightly", "viewer", None)


def test_list_is_filtered_by_state(administrator):
    issue("works")
    issue("over")
    ApiToken.objects.filter(name="over").update(expires_at=timezone.now())
    shown = administrator.get(LIST, {"state": "expired"}).content.decode()
    assert "over" in shown
    assert "works" not in shown


def test_administrator_who_is_no_operator_makes_no_operators(client):
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__endswith="apitoken"))
    client.force_login(clerk)
    assert "operator" not in re.findall(r'<option value="(\w*)"', client.get(f"{LIST}add/").content.decode())
    client.post(f"{LIST}add/", form())
    assert not ApiToken.objects.exists()
    client.post(f"{LIST}add/", form(role="viewer"))
    assert ApiToken.objects.get().created_by == "clerk"


def test_staff_without_the_permission_sees_no_tokens(client):
    client.force_login(User.objects.create_user("staff", is_staff=True))
    assert client.get(LIST).status_code == 403


def test_list_says_where_tokens_open_nothing(administrator, identity):
    assert "open nothing" not in administrator.get(LIST).content.decode()
    identity(auth_mode="jwt")
    assert "CATALOG_AUTH_MODE is jwt" in administrator.get(LIST).content.decode()
