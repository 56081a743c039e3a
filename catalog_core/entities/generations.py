"""The generation of a catalog: read by everybody who caches, raised by everybody who changes what readers see."""

from django.db import connection, transaction
from django.db.models import F

from catalog_core.entities.models import CatalogGeneration


def bump_generation(plugin: str, namespace: str = "default") -> None:
    """Say that readers of a catalog see something else from now on. To be called in the transaction of the change."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A generation is raised in the transaction that makes the change.")
    changed = CatalogGeneration.objects.filter(namespace=namespace, plugin=plugin).update(number=F("number") + 1)
    if not changed:
        CatalogGeneration.objects.get_or_create(namespace=namespace, plugin=plugin, defaults={"number": 1})


def generation_tag(plugin: str, namespace: str = "default") -> str:
    """Return a short text that changes with every visible change of a catalog, for entity tags and cache keys."""
    found = CatalogGeneration.objects.filter(namespace=namespace, plugin=plugin).values_list("epoch", "number").first()
    return f"{found[0]}-{found[1]}" if found else "0"


def generation_tags(namespace: str = "default") -> dict[str, str]:
    """Return the tags of all catalogs of a namespace, by plugin."""
    rows = CatalogGeneration.objects.filter(namespace=namespace).values_list("plugin", "epoch", "number")
    return {plugin: f"{epoch}-{number}" for plugin, epoch, number in rows}
