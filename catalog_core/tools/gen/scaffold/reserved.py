"""Names that are taken. Tests compare them with what they stand for."""

BUNDLED_NAMES = frozenset(("agents", "guardrails", "knowledge", "mcp", "model", "policies", "prompts", "skills"))
"""Catalogs that the server comes with."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


APP_LABELS = _words(
    """
    admin auth catalog_core contenttypes drf_spectacular drf_spectacular_sidecar health_check humanize messages models
    rest_framework sessions staticfiles test tests
    """
)
"""What no app of a plugin may be called: the labels of other apps, and names that mean something to tools."""

KINDS = _words(
    """
    Agent CatalogModel Guardrail KnowledgeSource McpServer Model Policy PromptTemplate Skill

    CatalogPlugin Child ChildModel Column Entity EntityModel Filter ItemReader ListColumn Mapping ObjectField
    ObjectListField Section TextListField UIHints ViewField

    Asset Error Job Plugin Source False None True
    """
)
"""What no kind may be called: kinds of the bundled catalogs, classes that its modules import, answers of the server."""

COLUMNS = _words(
    """
    created_at custom_properties digest document entity external_id file native position source source_id stale
    updated_at

    adelete arefresh_from_db asave check clean clean_fields date_error_message delete from_db full_clean
    get_constraints get_deferred_fields get_next_by_created_at get_next_by_updated_at get_previous_by_created_at
    get_previous_by_updated_at objects pk prepare_database_save refresh_from_db save save_base
    serializable_value unique_error_message validate_constraints validate_unique

    and false ilike in is like not null or true
    """
)
"""What no column may be called: those that every row has, what Django models can do, words of the filter language."""
