"""The shapes of ``/api/plugins`` and of capabilities, as OpenAPI describes them."""

from typing import Any

from rest_framework import serializers

from catalog_core.api.serializers import AnyField

PATH = "Where the value stands in an entity, with dots between the steps."
TYPE = "string, integer, number, boolean, array, object or date."
DISPLAY = "How to show it: text, markdown, badge, tags, link, repoRef, imageRef, dateTime, code, json or secretRef."


def _texts(**options: Any) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(), **options)


class PluginStatusSerializer(serializers.Serializer):
    """How a plugin is."""

    enabled = serializers.BooleanField()
    initialized = serializers.BooleanField()
    serving = serializers.BooleanField()
    lastError = serializers.CharField(required=False, help_text="Why it does not serve, or what it could not answer.")
    stage = serializers.CharField(required=False, help_text="Where it failed.")


class PluginManagementSerializer(serializers.Serializer):
    """What can be managed."""

    sourceManager = serializers.BooleanField()
    refresh = serializers.BooleanField()
    diagnostics = serializers.BooleanField()
    actions = serializers.BooleanField()


class ShortCapabilitiesSerializer(serializers.Serializer):
    """The V1 capabilities."""

    entityKinds = _texts()
    listEntities = serializers.BooleanField()
    getEntity = serializers.BooleanField()
    listSources = serializers.BooleanField()
    artifacts = serializers.BooleanField()


class ColumnSerializer(serializers.Serializer):
    """A column of a list."""

    name = serializers.CharField(help_text="What `orderBy` and `filterQuery` call it.")
    displayName = serializers.CharField()
    path = serializers.CharField(help_text=PATH)
    type = serializers.CharField(help_text=TYPE)
    sortable = serializers.BooleanField(required=False, help_text="Whether `orderBy` takes it; false where absent.")
    width = serializers.CharField(required=False, help_text="sm, md or lg.")


class FilterFieldSerializer(serializers.Serializer):
    """A field to filter by."""

    name = serializers.CharField(help_text="What `filterQuery` calls it.")
    displayName = serializers.CharField()
    type = serializers.CharField(help_text="text, select, multiselect, boolean or number.")
    options = _texts(required=False, help_text="The usual values.")
    operators = _texts(required=False, help_text="The operators to offer.")


class DetailFieldSerializer(serializers.Serializer):
    """A field of a detail view."""

    name = serializers.CharField()
    displayName = serializers.CharField()
    path = serializers.CharField(help_text=PATH)
    type = serializers.CharField(help_text=TYPE)
    section = serializers.CharField(required=False)


class EntityFieldsSerializer(serializers.Serializer):
    """The fields of a kind."""

    columns = ColumnSerializer(many=True)
    filterFields = FilterFieldSerializer(many=True, required=False)
    detailFields = DetailFieldSerializer(many=True, required=False)


class EntityEndpointsSerializer(serializers.Serializer):
    """Where the entities of a kind are. Empty where there is no such thing."""

    list = serializers.CharField()
    get = serializers.CharField(help_text="With `{name}`, and `{source_id}` where a path names the source.")
    action = serializers.CharField(required=False, help_text="With `{name}`. Actions on one entity are sent there.")


class ViewFieldSerializer(serializers.Serializer):
    """A field in a view."""

    field = serializers.CharField()
    label = serializers.CharField(required=False)  # type: ignore[assignment]  # the document calls it so
    display = serializers.CharField(required=False, help_text=DISPLAY)
    width = serializers.CharField(required=False, help_text="sm, md or lg.")


class DefaultSortSerializer(serializers.Serializer):
    """How a list is ordered at first."""

    field = serializers.CharField()
    direction = serializers.CharField(help_text="asc or desc.")


class DefaultFilterSerializer(serializers.Serializer):
    """A condition that a list begins with."""

    filterQuery = serializers.CharField()


class ListViewSerializer(serializers.Serializer):
    """Hints for a list."""

    titleField = serializers.CharField(required=False)
    columns = ViewFieldSerializer(many=True, required=False)
    defaultSort = DefaultSortSerializer(required=False)
    defaultFilters = DefaultFilterSerializer(many=True, required=False)


class DetailSectionSerializer(serializers.Serializer):
    """Fields that belong together in a detail view."""

    title = serializers.CharField()
    fields = ViewFieldSerializer(many=True)  # type: ignore[assignment]  # the document calls it so


class DetailViewSerializer(serializers.Serializer):
    """Hints for a detail view."""

    sections = DetailSectionSerializer(many=True, required=False)
    panels = _texts(required=False)


class FacetSerializer(serializers.Serializer):
    """A field to count values of."""

    field = serializers.CharField()
    display = serializers.CharField(required=False, help_text=DISPLAY)


class SearchHintsSerializer(serializers.Serializer):
    """Hints for a search."""

    searchableFields = _texts(required=False)
    facets = FacetSerializer(many=True, required=False)


class ConfirmationSerializer(serializers.Serializer):
    """What to ask before an action."""

    action = serializers.CharField()
    prompt = serializers.CharField()


class ActionHintsSerializer(serializers.Serializer):
    """Which actions to show where."""

    primary = _texts(required=False)
    secondary = _texts(required=False)
    confirmations = ConfirmationSerializer(many=True, required=False)


class EntityUiHintsSerializer(serializers.Serializer):
    """Hints for richer user interfaces."""

    icon = serializers.CharField(required=False)
    color = serializers.CharField(required=False, help_text="As in CSS.")
    nameField = serializers.CharField(required=False)
    detailSections = _texts(required=False)
    listView = ListViewSerializer(required=False)
    detailView = DetailViewSerializer(required=False)
    search = SearchHintsSerializer(required=False)
    actionHints = ActionHintsSerializer(required=False)


class GovernanceLifecycleSerializer(serializers.Serializer):
    """The lifecycle that entities go through."""

    states = _texts()
    defaultState = serializers.CharField()


class GovernanceVersioningSerializer(serializers.Serializer):
    """Versions bound to environments."""

    enabled = serializers.BooleanField()
    environments = _texts()


class GovernanceSwitchSerializer(serializers.Serializer):
    """Whether a part of governance is offered."""

    enabled = serializers.BooleanField()


class GovernanceSerializer(serializers.Serializer):
    """What this server offers of governance."""

    supported = serializers.BooleanField()
    lifecycle = GovernanceLifecycleSerializer()
    versioning = GovernanceVersioningSerializer()
    approvals = GovernanceSwitchSerializer()
    provenance = GovernanceSwitchSerializer()


class RelationHintSerializer(serializers.Serializer):
    """A place in an entity that names other assets."""

    relation = serializers.CharField(help_text="What the entity has to do with the asset, such as `uses`.")
    kind = serializers.CharField(help_text="The kind of the asset.")
    path = serializers.CharField(help_text="Where the name stands in the entity; `[]` follows a key that holds a list.")


class EntityCapabilitiesSerializer(serializers.Serializer):
    """One kind of a catalog."""

    kind = serializers.CharField()
    plural = serializers.CharField()
    displayName = serializers.CharField()
    description = serializers.CharField(required=False)
    endpoints = EntityEndpointsSerializer()
    fields = EntityFieldsSerializer()  # type: ignore[assignment]  # the document calls it so
    uiHints = EntityUiHintsSerializer(required=False)
    actions = _texts(required=False, help_text="Ids of the actions upon an entity.")
    relations = RelationHintSerializer(many=True, required=False, help_text="How it can refer to other assets.")
    governance = GovernanceSerializer()


class PluginMetaSerializer(serializers.Serializer):
    """What a plugin says of itself."""

    name = serializers.CharField()
    version = serializers.CharField()
    description = serializers.CharField()
    displayName = serializers.CharField(required=False)
    icon = serializers.CharField(required=False)


class SourceCapabilitiesSerializer(serializers.Serializer):
    """What can be done with the sources of a catalog."""

    manageable = serializers.BooleanField()
    refreshable = serializers.BooleanField()
    types = _texts(required=False)


class ActionDefinitionSerializer(serializers.Serializer):
    """Something that can be done with an entity or a source."""

    id = serializers.CharField()
    displayName = serializers.CharField()
    description = serializers.CharField()
    scope = serializers.CharField(help_text="asset or source.")
    supportsDryRun = serializers.BooleanField()
    idempotent = serializers.BooleanField()
    parameters = serializers.DictField(
        child=AnyField(), required=False, help_text="What `params` has to be: a JSON Schema (draft 2020-12)."
    )
    destructive = serializers.BooleanField(required=False)


class CapabilitiesSerializer(serializers.Serializer):
    """The V2 capabilities document of a catalog: all that a client needs to draw it."""

    schemaVersion = serializers.CharField()
    plugin = PluginMetaSerializer()
    entities = EntityCapabilitiesSerializer(many=True)
    sources = SourceCapabilitiesSerializer(required=False)
    actions = ActionDefinitionSerializer(many=True, required=False)


class HintColumnSerializer(serializers.Serializer):
    """A column in the V1 hints."""

    field = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the document calls it so
    sortable = serializers.BooleanField(required=False)
    filterable = serializers.BooleanField(required=False)


class HintFieldSerializer(serializers.Serializer):
    """A detail field in the V1 hints."""

    field = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the document calls it so
    section = serializers.CharField(required=False)


class UiHintsSerializer(serializers.Serializer):
    """The V1 hints for simple user interfaces."""

    listColumns = HintColumnSerializer(many=True, required=False)
    detailFields = HintFieldSerializer(many=True, required=False)
    identityField = serializers.CharField(required=False)
    displayNameField = serializers.CharField(required=False)
    descriptionField = serializers.CharField(required=False)


class CliHintsSerializer(serializers.Serializer):
    """Hints for command lines."""

    defaultColumns = _texts(required=False)
    sortField = serializers.CharField(required=False)
    filterableFields = _texts(required=False)


class OwnerSerializer(serializers.Serializer):
    """Who looks after a plugin."""

    team = serializers.CharField()
    contact = serializers.CharField()


class PluginMetadataSerializer(serializers.Serializer):
    """What ``plugin.yaml`` says of a plugin."""

    displayName = serializers.CharField()
    version = serializers.CharField()
    owners = OwnerSerializer(many=True)
    license = serializers.CharField()
    repository = serializers.CharField()


class PluginSerializer(serializers.Serializer):
    """One plugin of this server. One that failed has neither capabilities nor hints."""

    name = serializers.CharField()
    version = serializers.CharField()
    description = serializers.CharField()
    basePath = serializers.CharField()
    healthy = serializers.BooleanField()
    entityKinds = _texts(required=False)
    entityCount = serializers.IntegerField(required=False, help_text="How many entities readers see.")
    lifecycleCounts = serializers.DictField(
        child=serializers.IntegerField(), required=False, help_text="The same by phase of the lifecycle."
    )
    capabilities = ShortCapabilitiesSerializer(required=False)
    capabilitiesV2 = CapabilitiesSerializer(required=False)
    status = PluginStatusSerializer()
    management = PluginManagementSerializer(required=False)
    uiHints = UiHintsSerializer(required=False)
    cliHints = CliHintsSerializer(required=False)
    metadata = PluginMetadataSerializer(required=False)


class PluginListSerializer(serializers.Serializer):
    """All plugins of this server, failed ones last."""

    plugins = PluginSerializer(many=True)
    count = serializers.IntegerField()
