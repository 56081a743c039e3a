"""Asking the API of the Kubernetes cluster, for what is kept there: the configuration, and secrets of sources.

The client library is optional (``pip install catalog-of-catalogs[k8s]``) and imported when it is used. Inside a cluster
it acts as the service account of the pod; elsewhere as ``kubectl`` does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from catalog_core.exceptions import ClusterError

TIMEOUT_SECONDS = (3.0, 10.0)
"""For connecting, and for each read of an answer. Nothing is asked a second time."""

_POD_NAMESPACE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
_OUTSIDE = "default"


@contextmanager
def asking_cluster() -> Iterator[Any]:
    """Give a client for the core API, and close it afterwards.

    Raises:
        ClusterError: there is no client library, no cluster, no answer, or the cluster refuses what is asked inside.
    """
    _require_client()
    from kubernetes import client, config
    from urllib3.exceptions import HTTPError

    settings = client.Configuration()
    settings.retries = False
    try:
        load_config: Any = config.load_config
        load_config(client_configuration=settings)
        with client.ApiClient(settings) as connection:
            yield client.CoreV1Api(connection)
    except config.ConfigException as error:
        raise ClusterError("This server does not run in Kubernetes and knows no cluster.", is_lasting=True) from error
    except client.ApiException as error:
        raise ClusterError(f"The Kubernetes API answered {error.status}.", status=error.status or 0) from error
    except HTTPError as error:
        raise ClusterError("The Kubernetes API cannot be reached.") from error


def own_namespace() -> str:
    """Return the namespace that this server belongs to: that of its pod, or else the one that ``kubectl`` would use."""
    try:
        return _POD_NAMESPACE.read_text().strip() or _OUTSIDE
    except OSError:
        return _kubectl_namespace()


def _kubectl_namespace() -> str:
    if find_spec("kubernetes") is None:
        return _OUTSIDE
    from kubernetes import config

    try:
        list_contexts: Any = config.list_kube_config_contexts
        _, active = list_contexts()
    except config.ConfigException:
        return _OUTSIDE
    return active["context"].get("namespace") or _OUTSIDE


def _require_client() -> None:
    if find_spec("kubernetes") is None:
        raise ClusterError(
            "The Kubernetes client is not installed: pip install 'catalog-of-catalogs[k8s]'.", is_lasting=True
        )
