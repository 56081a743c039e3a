"""Secrets that a source names: where they are found, and what is said where they are not."""

import base64
import re

import pytest

from catalog_core.exceptions import SourceInvalid, SourceUnavailable
from catalog_core.sources.secrets import SecretPlaces, resolve_secrets
from tests.core.sources.kubernetes_api import TOKEN, running_cluster, use_kubeconfig

SECRET = "correct-horse-battery"


def encoded(text):
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


@pytest.fixture
def places(tmp_path):
    return SecretPlaces(base_dir=tmp_path, allowed_dirs=(tmp_path,))


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    pytest.importorskip("kubernetes", reason="the optional client for Kubernetes is not installed")
    with running_cluster(tmp_path, namespace="lab") as cluster:
        cluster.add("Secret", "lab", "hub", data={"token": encoded(f"{SECRET}\n"), "binary": encoded(b"\xff\xfe")})
        cluster.add("Secret", "other", "hub", data={"token": encoded("of the other namespace")})
        use_kubeconfig(monkeypatch, cluster.kubeconfig)
        yield cluster


def test_references_are_replaced_at_any_depth_and_all_else_stays(places, tmp_path, monkeypatch):
    monkeypatch.setenv("LAB_TOKEN", SECRET)
    (tmp_path / "token").write_text("from the file\n")
    value = {"url": "u", "deep": [{"a": {"env": "LAB_TOKEN"}, "b": {"file": "token"}}, 3], "none": None}
    resolved = resolve_secrets(value, places)
    assert resolved == {"url": "u", "deep": [{"a": SECRET, "b": "from the file"}, 3], "none": None}


@pytest.mark.parametrize("name", ["CATALOG_SECRET_KEY", "DATABASE_URL", "django_secret"])
def test_variables_of_the_server_itself_are_no_secrets_of_a_source(places, name):
    with pytest.raises(SourceInvalid, match="belongs to the server"):
        resolve_secrets({"env": name}, places)


def test_a_variable_that_is_not_set_may_be_set_later(places):
    with pytest.raises(SourceUnavailable, match="NOT_SET_ANYWHERE"):
        resolve_secrets({"env": "NOT_SET_ANYWHERE"}, places)


def test_files_are_read_below_the_allowed_folders_only(places, tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link").symlink_to("/etc/passwd")
    confined = SecretPlaces(base_dir=inside, allowed_dirs=(inside,))
    for name in ("../secret", "/etc/passwd", "link"):
        with pytest.raises(SourceInvalid, match="outside the folders"):
            resolve_secrets({"file": name}, confined)
    with pytest.raises(SourceUnavailable, match="cannot be read"):
        resolve_secrets({"file": "nothing"}, confined)


def test_a_kubernetes_secret_is_read_from_the_namespace_of_the_server(places, cluster):
    assert resolve_secrets({"name": "hub", "key": "token"}, places) == SECRET


def test_a_kubernetes_secret_is_read_at_each_use(places, cluster):
    reference = {"name": "hub", "key": "token"}
    resolve_secrets(reference, places)
    cluster.add("Secret", "lab", "hub", data={"token": encoded("the next one")})
    assert resolve_secrets(reference, places) == "the next one"


def test_other_namespaces_have_to_be_allowed(places, cluster, tmp_path):
    reference = {"name": "hub", "key": "token", "namespace": "other"}
    with pytest.raises(SourceInvalid, match="CATALOG_SECRET_NAMESPACES"):
        resolve_secrets(reference, places)
    assert cluster.asked == []
    for allowed in ({"namespaces": frozenset({"other"})}, {"namespace": "other"}):
        wider = SecretPlaces(base_dir=tmp_path, allowed_dirs=(), **allowed)
        assert resolve_secrets(reference, wider) == "of the other namespace"


def test_the_namespace_of_the_pod_is_the_one_of_the_server(places, cluster, tmp_path, monkeypatch):
    mounted = tmp_path / "namespace"
    mounted.write_text("other")
    monkeypatch.setattr("catalog_core.sources.cluster._POD_NAMESPACE", mounted)
    assert resolve_secrets({"name": "hub", "key": "token"}, places) == "of the other namespace"


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ({"name": "hub", "key": "password"}, "lab/hub has no key 'password'"),
        ({"name": "nothing", "key": "token"}, "lab/nothing does not exist"),
    ],
)
def test_what_is_not_there_yet_is_worth_another_try(places, cluster, reference, words):
    with pytest.raises(SourceUnavailable, match=words):
        resolve_secrets(reference, places)


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (401, SourceInvalid, "needs the verb get"),
        (403, SourceInvalid, "needs the verb get"),
        (429, SourceUnavailable, "answered 429"),
        (500, SourceUnavailable, "answered 500"),
        (302, SourceUnavailable, "answered 302"),
    ],
)
def test_what_the_cluster_refuses_is_said_in_our_words(places, cluster, status, error, words):
    cluster.refusals["GET"] = (status, {"kind": "Status", "code": status, "message": f"{TOKEN} {SECRET}"})
    with pytest.raises(error, match=words) as refused:
        resolve_secrets({"name": "hub", "key": "token"}, places)
    assert TOKEN not in str(refused.value)
    assert SECRET not in str(refused.value)
    assert len(cluster.asked) == 1, "a retry is the business of the job"


@pytest.mark.parametrize("name", ["..", "hub/../../pods", "Hub", "hub?watch=1", "a" * 300])
def test_names_that_no_secret_can_have_are_not_asked_for(places, cluster, name):
    with pytest.raises(SourceInvalid, match="no name that a Kubernetes Secret can have"):
        resolve_secrets({"name": name, "key": "token"}, places)
    assert cluster.asked == []


def test_a_secret_that_is_no_text_is_refused(places, cluster):
    with pytest.raises(SourceInvalid, match="The key 'binary' of the Kubernetes Secret lab/hub is not text"):
        resolve_secrets({"name": "hub", "key": "binary"}, places)


def test_a_cluster_that_does_not_answer_is_worth_another_try(places, cluster):
    cluster.kubeconfig.write_text(re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:1", cluster.kubeconfig.read_text()))
    with pytest.raises(SourceUnavailable, match="cannot be reached"):
        resolve_secrets({"name": "hub", "key": "token"}, places)


def test_a_server_outside_of_any_cluster_says_so(places, cluster, monkeypatch, tmp_path):
    use_kubeconfig(monkeypatch, tmp_path / "nothing")
    with pytest.raises(SourceInvalid, match="knows no cluster"):
        resolve_secrets({"name": "hub", "key": "token"}, places)


def test_without_the_client_the_message_says_what_to_install(places, monkeypatch):
    monkeypatch.setattr("catalog_core.sources.cluster.find_spec", lambda name: None)
    with pytest.raises(SourceInvalid, match=re.escape("pip install 'catalog-of-catalogs[k8s]'")):
        resolve_secrets({"name": "hub", "key": "token", "namespace": "default"}, places)
