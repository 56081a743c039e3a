"""Faults of lists and look-ups."""

import re

from tests.tools.conformance import fake_documents as documents
from tests.tools.conformance.fake_http import Reply, refusal
from tests.tools.conformance.faults import at, fault, is_list, list_change, without

# --- B: lists


@fault("B", "sizes_are_true")
def the_total_is_wrong(server, request, handle):
    return list_change(lambda page: page.update(totalSize=page["totalSize"] + 1))(server, request, handle)


@fault("B", "sizes_are_true")
def the_size_is_a_text(server, request, handle):
    return list_change(lambda page: page.update(size=str(page["size"])))(server, request, handle)


@fault("B", "paging_meets_every_entry_once")
def pages_repeat_an_item(server, request, handle):
    def repeated(page):
        if request.query.get("pageToken") and page["items"]:
            page["items"][0] = documents.ITEMS[0]

    return list_change(repeated)(server, request, handle)


@fault("B", "paging_meets_every_entry_once")
def pages_lose_an_item(server, request, handle):
    def lost(page):
        if int(request.query.get("pageSize", 100)) < 100:
            page["items"] = [item for item in page["items"] if item["id"] != "3"]

    return list_change(lost)(server, request, handle)


@fault("B", "paging_meets_every_entry_once")
def paging_never_ends(server, request, handle):
    def endless(page):
        page.setdefault("nextPageToken", "again")

    if request.query.get("pageToken") == "again":
        del request.query["pageToken"]
    return list_change(endless)(server, request, handle)


@fault("B", "paging_meets_every_entry_once", "sizes_are_true")
def the_page_size_is_ignored(server, request, handle):
    return without("pageSize")(server, request, handle)


@fault("B", "bad_parameters_are_refused", "tokens_of_other_lists_are_refused")
def a_token_is_never_refused(server, request, handle):
    reply = handle(request)
    if is_list(request) and reply.status == 400 and "pageToken" in request.query:
        del request.query["pageToken"]
        return handle(request)
    return reply


@fault("B", "both_names_of_the_token_work")
def one_name_of_the_token_is_ignored(server, request, handle):
    return without("nextPageToken")(server, request, handle)


@fault("B", "lists_are_stable", "paging_meets_every_entry_once")
def the_order_changes_from_call_to_call(server, request, handle):
    def turned(page):
        page["items"] = page["items"][server.calls % 2 :] + page["items"][: server.calls % 2]

    return list_change(turned)(server, request, handle)


@fault("B", "every_filter_filters", "no_match_is_an_empty_list", "filters_not_understood_are_refused")
def filters_are_ignored(server, request, handle):
    return without("filterQuery")(server, request, handle)


@fault("B", "every_filter_filters")
def comparisons_are_all_equality(server, request, handle):
    if "filterQuery" in request.query:
        request.query["filterQuery"] = re.sub("[<>]=?", "=", request.query["filterQuery"])
    return handle(request)


@fault("B", "filters_are_joined")
def everything_after_and_is_dropped(server, request, handle):
    if "filterQuery" in request.query:
        request.query["filterQuery"] = request.query["filterQuery"].partition(" AND ")[0]
    return handle(request)


@fault("B", "filters_not_understood_are_refused")
def a_bad_filter_is_a_failure_of_the_server(server, request, handle):
    reply = handle(request)
    return Reply(500, {"error": "x", "message": "y"}) if reply.status == 400 else reply


@fault("B", "every_option_is_accepted")
def an_option_that_nothing_has_is_refused(server, request, handle):
    return refusal(400, "No.") if "black" in request.query.get("filterQuery", "") else handle(request)


@fault("B", "texts_in_filters_are_texts")
def texts_that_look_like_a_database_are_refused(server, request, handle):
    return refusal(400, "No.") if "DROP" in request.query.get("filterQuery", "") else handle(request)


@fault("B", "every_sortable_column_orders")
def the_order_is_ignored(server, request, handle):
    if request.query.get("orderBy") in ("colour", "weight"):
        del request.query["orderBy"]
    return handle(request)


@fault("B", "every_sortable_column_orders", "directions_are_opposite")
def the_direction_is_ignored(server, request, handle):
    if request.query.get("sortOrder") == "DESC":
        request.query["sortOrder"] = "ASC"
    return handle(request)


@fault("B", "every_sortable_column_orders")
def numbers_are_ordered_as_texts(server, request, handle):
    def as_texts(page):
        if request.query.get("orderBy") == "weight":
            page["items"].sort(key=lambda item: str(item.get("weight", "~")), reverse=False)

    return list_change(as_texts)(server, request, handle)


@fault("B", "every_sortable_column_orders")
def absent_values_come_first(server, request, handle):
    def first(page):
        if request.query.get("orderBy") == "weight":
            page["items"].sort(key=lambda item: "weight" in item)

    return list_change(first)(server, request, handle)


@fault("B", "list_has_its_form", "no_match_is_an_empty_list")
def an_empty_list_is_null(server, request, handle):
    return (
        list_change(lambda page: page.update(items=page["items"] or None))(server, request, handle)
        if (request.query.get("filterQuery"))
        else list_change(lambda page: page["items"].append(None))(server, request, handle)
    )


@fault("B", "sources_select")
def the_source_is_ignored(server, request, handle):
    return without("source")(server, request, handle)


@fault("B", "free_text_searches")
def free_text_is_ignored(server, request, handle):
    return without("q")(server, request, handle)


@fault("B", "page_sizes_are_bounded")
def the_usual_page_size_is_told_wrong(server, request, handle):
    def told(page):
        if request.query.get("pageSize") == "0":
            page["pageSize"] = 0

    return list_change(told)(server, request, handle)


# --- B: look-ups and conditional requests


@fault("B", "unknown_names_are_not_found")
def an_unknown_name_is_found(server, request, handle):
    reply = handle(request)
    unknown = reply.status == 404 and request.path.startswith(documents.LIST)
    return Reply(200, documents.ITEMS[0]) if unknown else reply


@fault("B", "unknown_names_are_not_found")
def an_error_is_a_page_for_people(server, request, handle):
    reply = handle(request)
    return Reply(404, headers={"Content-Type": "text/html"}, raw=b"<h1>404</h1>") if reply.status == 404 else reply


@fault("B", "unknown_names_are_not_found")
def an_error_shows_a_stack_trace(server, request, handle):
    reply = handle(request)
    if reply.status == 404:
        reply.document["message"] = "Traceback (most recent call last): ..."
    return reply


@fault("B", "entries_are_found_by_name")
def a_look_up_differs_from_the_list(server, request, handle):
    return at(f"{documents.LIST}/anchor", lambda item: item.update(colour="mauve"))(server, request, handle)


@fault("B", "entries_are_found_by_name")
def raw_slashes_are_not_found(server, request, handle):
    return refusal(404, "No.") if request.path.endswith("acme/cog") else handle(request)


@fault("B", "unchanged_answers_are_not_sent_again")
def the_etag_is_ignored(server, request, handle):
    request.headers.pop("if-none-match", None)
    return handle(request)


@fault("B", "unchanged_answers_are_not_sent_again")
def there_is_no_etag(server, request, handle):
    reply = handle(request)
    reply.headers.pop("ETag", None)
    return reply


@fault("B", "etags_tell_queries_apart")
def the_etag_is_that_of_any_query(server, request, handle):
    if is_list(request) and request.headers.get("if-none-match", "").startswith('"same'):
        return Reply(304, raw=b"", headers={"ETag": '"same"'})
    reply = handle(request)
    if is_list(request):
        reply.headers["ETag"] = '"same"'
    return reply


@fault("B", "head_answers_like_get")
def head_is_not_possible(server, request, handle):
    return refusal(405, "No.") if request.method == "HEAD" else handle(request)


@fault("B", "list_has_its_form")
def the_list_redirects_to_itself(server, request, handle):
    return Reply(302, {}, headers={"Location": documents.LIST}) if is_list(request) else handle(request)


@fault("B", "list_has_its_form")
def the_list_is_no_json(server, request, handle):
    return Reply(200, raw=b'{"items": [NaN]}') if is_list(request) else handle(request)


@fault("B", "list_has_its_form")
def the_list_is_nested_without_end(server, request, handle):
    return Reply(200, raw=b"[" * 200_000) if is_list(request) else handle(request)


@fault("B", "list_has_its_form")
def the_server_hangs_up(server, request, handle):
    return Reply(0) if is_list(request) else handle(request)
