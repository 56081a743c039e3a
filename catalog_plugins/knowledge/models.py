"""What the knowledge catalog stores."""

from django.db import models

from catalog_core.plugin import EntityModel


class KnowledgeSource(EntityModel):
    """A body of documents or facts that answers can be grounded in."""

    source_type = models.CharField(
        max_length=100, blank=True, help_text="How the knowledge is kept: document, url, vector_store or graph_store."
    )
    location = models.TextField(blank=True, help_text="Where it is: a URI (RFC 3986) or a path.")
    content_type = models.CharField(
        max_length=255, blank=True, help_text="A media type (RFC 6838), or the id of the embedding of its vectors."
    )
    provider = models.CharField(max_length=500, blank=True, help_text="The system or organisation that offers it.")
    status = models.CharField(max_length=100, blank=True, help_text="active, indexing, error or archived.")
    document_count = models.BigIntegerField(null=True, blank=True, help_text="How many documents it holds.")
    vector_dimensions = models.BigIntegerField(null=True, blank=True, help_text="How long its vectors are.")
    index_type = models.CharField(max_length=100, blank=True, help_text="The kind of index, such as HNSW or IVF.")
