"""MCP servers: both layouts of data files, and what may be concluded from the longer one."""

import pytest

from catalog_core.plugin import InvalidItem
from catalog_core.testing.sample import catalog_plugin, load_sample, sample_files, serve_samples
from catalog_core.testing.translation import items_of, translate

LIST = "/api/mcp_catalog/v1alpha1/mcpservers"
LOCAL = {"kubernetes-mcp-server", "openshift-mcp-server", "ansible-mcp-server", "postgres-mcp-server"}
REMOTE = {"github-mcp-server", "jira-mcp-server"}


@pytest.fixture
def plugin():
    return catalog_plugin("mcp")


def test_tools_are_counted_where_their_number_is_absent(plugin):
    document = translate(plugin, {"name": "a", "tools": [{"name": "x"}, {"name": "y"}]}).document
    assert document["toolCount"] == 2


def test_an_empty_list_of_tools_counts_as_none(plugin):
    assert translate(plugin, {"name": "a", "tools": []}).document["toolCount"] == 0


def test_a_number_that_is_given_stands_against_the_list(plugin):
    assert translate(plugin, {"name": "a", "toolCount": 40, "tools": [{"name": "x"}]}).document["toolCount"] == 40


def test_transports_are_joined_where_their_summary_is_absent(plugin):
    translated = translate(plugin, {"name": "a", "transports": ["stdio", "http"]})
    assert translated.document["supportedTransports"] == "stdio,http"
    assert translated.remarks == ()


def test_nothing_else_is_made_up(plugin):
    document = translate(plugin, {"name": "a", "transports": ["stdio"]}).document
    assert not {"transportType", "deploymentMode", "toolCount", "endpoint"} & document.keys()


def test_unknown_keys_are_remarked_on_and_set_nothing_aside(plugin):
    translated = translate(plugin, {"name": "a", "repositoryUrl": "https://code.example/a", "readme": "# A"})
    assert {(remark.rule, remark.severity) for remark in translated.remarks} == {("unknown-key", "warning")}
    assert len(translated.remarks) == 2


@pytest.mark.parametrize("item", [{"name": "a", "toolCount": "many"}, {"name": "a", "verified": "perhaps"}, {}])
def test_values_that_do_not_fit_set_the_server_aside(plugin, item):
    with pytest.raises(InvalidItem):
        translate(plugin, item)


@pytest.mark.parametrize("key", ["mcpservers", "mcp_servers", "mcpServers"])
def test_any_of_the_usual_keys_holds_the_servers(plugin, tmp_path, key):
    file = tmp_path / "servers.yaml"
    file.write_text(f"source: Ours\n{key}:\n  - name: a\n  - name: b\n")
    assert [item.value["name"] for item in items_of(plugin, file)] == ["a", "b"]


@pytest.mark.django_db
def test_the_sample_holds_the_servers_that_clients_look_for(plugin, client):
    (file,) = sample_files(plugin)
    load_sample(plugin, "mcp-default", file)
    serve_samples(plugin, files=())
    modes = {item["name"]: item["deploymentMode"] for item in client.get(LIST, {"pageSize": 100}).json()["items"]}
    assert {modes[name] for name in LOCAL} == {"local"}
    assert {modes[name] for name in REMOTE} == {"remote"}
    assert {item["sourceId"] for item in client.get(LIST).json()["items"]} == {"mcp-default"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("verified = true AND certified = false", {"ansible-mcp-server", "postgres-mcp-server", "github-mcp-server"}),
        ("toolCount > 14 AND deploymentMode = 'local'", {"openshift-mcp-server"}),
        ("promptCount = 0", {"postgres-mcp-server"}),
        ("promptCount IS NULL", {"tide-tables-mcp-server"}),
        ("supportedTransports LIKE '%sse%'", {"jira-mcp-server"}),
        ("customProperties.minimumClusterVersion = '1.29'", {"kubernetes-mcp-server"}),
    ],
)
def test_servers_are_found_by_numbers_flags_and_texts(plugin, client, query, expected):
    serve_samples(plugin)
    assert {item["name"] for item in client.get(LIST, {"filterQuery": query}).json()["items"]} == expected


@pytest.mark.django_db
def test_the_size_of_a_page_is_what_is_on_it(plugin, client):
    serve_samples(plugin)
    answer = client.get(LIST, {"pageSize": 3}).json()
    assert (answer["size"], answer["totalSize"]) == (3, 8)
    assert "nextPageToken" not in client.get(LIST).json()
