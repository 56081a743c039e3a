"""API tokens in the admin: issue one, see it once, revoke it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.forms import ModelForm
from django.forms.fields import TypedChoiceField
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.safestring import SafeString

from catalog_core.admin.looks import age, badge
from catalog_core.conf import catalog_settings
from catalog_core.security.identity.caller import Role, caller_of
from catalog_core.security.identity.tokens import DEFAULT_LIFE, issue_token, revoke_token
from catalog_core.security.models import ApiToken, TokenState

_TONES = {TokenState.ACTIVE: "good", TokenState.EXPIRED: "fair", TokenState.REVOKED: "bad"}


class StateFilter(admin.SimpleListFilter):
    """Tokens that open something, and those that do not any more."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return list(TokenState.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> QuerySet[ApiToken]:
        """Return the tokens in the chosen state."""
        expired = Q(revoked_at=None, expires_at__lte=timezone.now())
        match self.value():
            case TokenState.REVOKED:
                return queryset.exclude(revoked_at=None)
            case TokenState.EXPIRED:
                return queryset.filter(expired)
            case TokenState.ACTIVE:
                return queryset.filter(revoked_at=None).exclude(expired)
        return queryset


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Tokens of programs. Nothing of a token can be changed; it can be revoked, for good."""

    list_display = ("name", "role", "coloured_state", "expires_at", "last_used", "created_by", "created")
    list_filter = (StateFilter, "role")
    search_fields = ("name", "key", "created_by")
    actions = ("revoke",)
    change_form_template = "admin/catalog_core/apitoken/change_form.html"

    def get_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> tuple[str | tuple[str, ...], ...]:
        """Return what is asked for a new token, or what is shown of one."""
        if obj is None:
            return ("name", "role", "expires_at")
        return (
            ("name", "role", "coloured_state"),
            "begins_with",
            ("created_by", "created_at"),
            ("expires_at", "last_used_at"),
            ("revoked_by", "revoked_at"),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> tuple[str, ...]:
        """Return all fields of a token that exists."""
        shown = self.get_fields(request, obj) if obj else ()
        return tuple(name for entry in shown for name in ([entry] if isinstance(entry, str) else entry))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Suggest a life that is neither endless nor a nuisance."""
        return {"expires_at": timezone.now() + DEFAULT_LIFE, **super().get_changeform_initial_data(request)}

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> TypedChoiceField | None:
        """Offer the roles that the administrator has; nobody hands out more than that."""
        if db_field.name == "role" and not caller_of(request).is_operator:
            kwargs["choices"] = [choice for choice in ApiToken.ROLES if choice[0] == Role.VIEWER]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes: who held which token stays known."""
        return False

    def save_model(self, request: HttpRequest, obj: ApiToken, form: ModelForm, change: bool) -> None:
        """Issue the token; of one that exists there is nothing to save."""
        if change:
            return
        issued = issue_token(
            name=obj.name, role=Role(obj.role), expires_at=obj.expires_at, created_by=caller_of(request).name
        )
        obj.pk, obj._state.adding = issued.row.pk, False
        request.issued_token = issued.text  # type: ignore[attr-defined]  # response_add gets nothing else

    def response_add(self, request: HttpRequest, obj: ApiToken, post_url_continue: str | None = None) -> HttpResponse:
        """Show the token, this once: in the answer itself, as messages would go through a cookie."""
        context = {
            **self.admin_site.each_context(request),
            "title": f"Token {obj.name}",
            "opts": self.opts,
            "token": request.issued_token,  # type: ignore[attr-defined]  # set by save_model
            "row": obj,
            "origin": request.build_absolute_uri("/").rstrip("/"),
        }
        response = TemplateResponse(request, "admin/catalog_core/apitoken/issued.html", context)
        add_never_cache_headers(response)
        return response

    def response_change(self, request: HttpRequest, obj: ApiToken) -> HttpResponse:
        """Revoke the token if that button was pressed."""
        if "_revoke" in request.POST:
            self._revoke(request, [obj])
        return self.response_post_save_change(request, obj)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Say it where tokens are not what programs identify themselves with."""
        if (mode := catalog_settings().auth_mode) != "django":
            text = f"These tokens open nothing now: CATALOG_AUTH_MODE is {mode}, and they belong to the mode django."
            self.message_user(request, text, messages.WARNING)
        return super().changelist_view(request, extra_context)

    def log_change(self, request: HttpRequest, obj: ApiToken, message: Any) -> Any:
        """Leave out changes: there are none, and revoking is recorded in the token itself."""

    @admin.display(description="state")
    def coloured_state(self, row: ApiToken) -> SafeString:
        """Return the state in its colour."""
        return badge(str(row.state.label).lower(), _TONES[row.state])

    @admin.display(description="last used", ordering="last_used_at")
    def last_used(self, row: ApiToken) -> SafeString | str:
        """Return how long ago it was used."""
        return age(row.last_used_at)

    @admin.display(description="created", ordering="created_at")
    def created(self, row: ApiToken) -> SafeString | str:
        """Return how long ago it was issued."""
        return age(row.created_at)

    @admin.display(description="begins with")
    def begins_with(self, row: ApiToken) -> str:
        """Return the part of the token that is no secret, by which one is known again."""
        return f"coc_{row.key}_…"

    @admin.action(description="Revoke the selected tokens", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        """Revoke tokens, at once and for good."""
        self._revoke(request, queryset)

    def _revoke(self, request: HttpRequest, rows: QuerySet[ApiToken] | list[ApiToken]) -> None:
        name = caller_of(request).name
        revoked = [row.name for row in rows if revoke_token(row, revoked_by=name)]
        if revoked:
            self.message_user(request, f"Revoked: {', '.join(revoked)}.", messages.SUCCESS)
        else:
            self.message_user(request, "Nothing to revoke: that was done before.", messages.INFO)
