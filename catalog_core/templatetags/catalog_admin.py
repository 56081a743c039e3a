"""The overview of the admin, as a template tag."""

from typing import Any

from django import template
from django.template import RequestContext

from catalog_core.admin.jobs import running_jobs
from catalog_core.admin.overview import overview
from catalog_core.admin.readonly import is_operator

register = template.Library()


@register.inclusion_tag("admin/catalog_core/overview.html", takes_context=True)
def catalog_overview(context: RequestContext) -> dict[str, Any]:
    """Show what needs attention."""
    operator = is_operator(context.request)
    jobs = running_jobs() if operator else {}
    return {**overview(is_operator=operator), **jobs, "csrf_token": context.get("csrf_token")}
