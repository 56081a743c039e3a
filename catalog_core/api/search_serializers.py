"""The shapes of search results, as OpenAPI describes them."""

from rest_framework import serializers

from catalog_core.entities.envelope import Lifecycle


class HitLinksSerializer(serializers.Serializer):
    """Where more is said of a hit."""

    asset = serializers.CharField(help_text="The asset in the form common to all kinds.")
    entity = serializers.CharField(required=False, help_text="The same in the form of its own catalog.")


class SearchHitSerializer(serializers.Serializer):
    """An asset that was found."""

    uid = serializers.UUIDField()
    kind = serializers.CharField()
    plugin = serializers.CharField()
    name = serializers.CharField()
    displayName = serializers.CharField(required=False)
    description = serializers.CharField(required=False, help_text="At most 500 characters of it.")
    sourceId = serializers.CharField()
    lifecycle = serializers.ChoiceField(Lifecycle.choices)
    tags = serializers.ListField(child=serializers.CharField(), required=False)
    matchedIn = serializers.ChoiceField(
        ["name", "displayName", "tags", "text"], required=False, help_text="Where the words were found."
    )
    highlights = serializers.DictField(
        child=serializers.CharField(),
        required=False,
        help_text="By field, texts as HTML: matches stand in `<mark>`, everything else is escaped.",
    )
    links = HitLinksSerializer()


class SearchFacetValueSerializer(serializers.Serializer):
    """A value of a facet."""

    value = serializers.CharField()
    count = serializers.IntegerField(help_text="How many matches have it.")
    selected = serializers.BooleanField(required=False, help_text="Whether the request chose it; false where absent.")


class SearchFacetSerializer(serializers.Serializer):
    """A facet of the matches. Its counts respect all filters but those on the facet itself."""

    field = serializers.CharField()
    values = SearchFacetValueSerializer(many=True, help_text="The most frequent ones first.")
    furtherValues = serializers.IntegerField(required=False, help_text="How many values are not told.")
    countsAreExact = serializers.BooleanField(
        help_text="False if more match than are looked at: the counts are then of the best matches only. A facet of "
        "which values were chosen is counted among more than what matches, so this may be false where `totalIsExact` "
        "is true."
    )


class SearchResultSerializer(serializers.Serializer):
    """One page of what was found."""

    items = SearchHitSerializer(many=True)
    facets = SearchFacetSerializer(many=True)
    nextPageToken = serializers.CharField(
        required=False, help_text="Leads to the next page, as `pageToken`; absent on the last one."
    )
    pageSize = serializers.IntegerField(help_text="How many hits a page holds at most.")
    size = serializers.IntegerField(help_text="How many hits are on this page.")
    totalSize = serializers.IntegerField(help_text="How many assets match, over all pages.")
    totalIsExact = serializers.BooleanField(
        help_text="False if more match than are looked at: `totalSize` is then the number of those that were."
    )


class SuggestionSerializer(serializers.Serializer):
    """A name to offer to somebody who is typing."""

    text = serializers.CharField(help_text="The name of an asset.")
    highlight = serializers.CharField(
        required=False, help_text="The name as HTML: what was typed stands in `<mark>`, everything is escaped."
    )
    kind = serializers.CharField()
    uid = serializers.UUIDField()


class SuggestionsSerializer(serializers.Serializer):
    """Names to offer, the best first."""

    suggestions = SuggestionSerializer(many=True)
