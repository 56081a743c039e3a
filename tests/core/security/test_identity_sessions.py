"""People who logged in, in every mode."""

from importlib import import_module
from ipaddress import ip_network

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client, RequestFactory

from catalog_core.security.identity.caller import ANONYMOUS, OPERATORS_GROUP, caller_of

MODES = [
    {"auth_mode": "django"},
    {"auth_mode": "jwt"},
    {"auth_mode": "header", "trusted_proxies": (ip_network("10.0.0.0/24"),)},
]


@pytest.fixture(params=MODES, ids=lambda mode: mode["auth_mode"])
def any_mode(request, identity):
    identity(**request.param)


def make_user(name, *groups, **more):
    user = User.objects.create_user(name, **more)
    for group in groups:
        user.groups.add(Group.objects.get_or_create(name=group)[0])
    return user


def test_session_without_token_against_forgery_changes_nothing(probe, any_mode):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(make_user("alice", is_superuser=True))
    response = probe("POST", client=careful, status=403)
    assert "CSRF" in response.json()["message"]
    assert probe("GET", client=careful).json()["name"] == "alice"


def test_session_with_token_against_forgery_may(probe, any_mode):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(make_user("alice", is_superuser=True))
    careful.get("/admin/password_change/")
    careful.get("/admin/login/")
    token = careful.cookies["csrftoken"].value
    probe("POST", client=careful, X_CSRFToken=token)


@pytest.mark.parametrize(
    ("groups", "more", "status"),
    [
        ((), {}, 403),
        ((), {"is_staff": True}, 403),
        (("catalog-operator", "Catalog-Operators", "operators"), {}, 403),
        ((OPERATORS_GROUP,), {}, 200),
        ((), {"is_superuser": True}, 200),
    ],
)
def test_operator_is_a_superuser_or_in_the_group(probe, any_mode, client, groups, more, status):
    client.force_login(make_user("alice", *groups, **more))
    probe("POST", status=status)
    assert probe().json()["by"] == "session"


def test_somebody_taken_out_of_the_group_loses_the_role_at_once(probe, client):
    user = make_user("alice", OPERATORS_GROUP)
    client.force_login(user)
    probe("POST")
    user.groups.clear()
    probe("POST", status=403)


def test_deactivated_user_is_nobody_at_once(probe, client):
    user = make_user("alice", is_superuser=True)
    client.force_login(user)
    User.objects.update(is_active=False)
    probe("POST", status=401)


def test_bad_token_is_not_made_good_by_a_session(probe, client):
    client.force_login(make_user("alice", is_superuser=True))
    probe("POST", token="wrong", status=401)


def test_closed_reading_needs_an_identity(probe, identity, client):
    identity(reading_requires_login=True)
    response = probe(status=401)
    assert "identified callers" in response.json()["message"]
    client.force_login(make_user("alice"))
    probe()


def test_views_outside_of_the_api_know_the_caller_too(probe, client):
    assert client.get("/plain").json()["name"] == "anonymous"
    client.force_login(make_user("alice", OPERATORS_GROUP))
    assert client.get("/plain").json()["role"] == "operator"


def test_anonymous_is_never_an_operator():
    request = RequestFactory().get("/")
    request.user = ANONYMOUS
    assert not caller_of(request).is_operator
    assert not caller_of(request).is_authenticated


def test_operators_see_catalogs_in_the_admin_and_neither_tokens_nor_users(db):
    operator = make_user("alice", OPERATORS_GROUP, is_staff=True)
    assert operator.has_perm("catalog_core.change_source")
    assert operator.has_perm("catalog_core.view_refreshjob")
    assert operator.has_module_perms("catalog_core")
    for perm in ("catalog_core.add_apitoken", "catalog_core.view_apitoken", "auth.view_user", "auth.change_group"):
        assert not operator.has_perm(perm), perm
    assert not operator.has_perm("no_such_app.view_thing")
    assert not make_user("bob", is_staff=True).has_perm("catalog_core.change_source")
    assert not make_user("eve", OPERATORS_GROUP, is_active=False).has_perm("catalog_core.change_source")


def test_group_of_operators_is_made_when_the_database_is(db):
    Group.objects.filter(name=OPERATORS_GROUP).delete()  # tests that clear the database may have done so before
    (operation,) = import_module("catalog_core.migrations.0002_operators_group").Migration.operations
    operation.code(apps, connection.schema_editor())
    assert Group.objects.filter(name=OPERATORS_GROUP).exists()
