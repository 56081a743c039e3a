"""Every error that the core raises on purpose.

``code`` is stable and meant for programs; the text is meant for people. The text of every error in this module may be
shown to API clients, so it holds no secret, no absolute path and no complete address.
"""

from collections.abc import Callable, Iterable
from typing import ClassVar

from catalog_core.problems import Problem


class CatalogError(Exception):
    """The root of the tree; never raised itself."""

    code: ClassVar[str] = "internal"


class PluginDefinitionError(CatalogError):
    """A plugin does not keep the plugin contract; ``problems`` lists everything that is wrong with it."""

    code = "plugin_definition"

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


class PluginUnavailable(CatalogError):
    """A plugin is installed but cannot serve now; its routes answer 503 with this text."""

    code = "plugin_unavailable"


class InvalidDocument(CatalogError):
    """A configuration or data document breaks its rules; ``problems`` says where, with line and column."""

    code = "invalid_document"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ConfigurationUnavailable(CatalogError):
    """The configuration could not be read at all, for instance because its file is missing."""

    code = "configuration_unavailable"


class ConfigurationConflict(CatalogError):
    """The configuration is not the one any more that somebody wanted to change; nothing was. Answered with 409."""

    code = "conflict"


class ConfigurationReadOnly(CatalogError):
    """The configuration cannot be written where it is kept; the text says why. Nothing was changed."""

    code = "read_only"


class ClusterError(CatalogError):
    """The API of the Kubernetes cluster did not give what it was asked for; whoever asked says what that means.

    ``status`` is what it answered, 0 if it did not answer; ``is_lasting`` tells that asking again is no use.
    """

    code = "cluster"

    def __init__(self, message: str, *, status: int = 0, is_lasting: bool = False) -> None:
        self.status = status
        self.is_lasting = is_lasting
        super().__init__(message)


class SourceError(CatalogError):
    """A source could not be refreshed; what it served before goes on being served."""

    code = "source"

    def __init__(self, message: str, *, problems: Iterable[Problem] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__(message)

    def rewrite(self, change: Callable[[str], str]) -> None:
        """Exchange every text of this error for what ``change`` makes of it."""
        self.args = tuple(change(str(text)) for text in self.args)
        self.problems = tuple(problem.rewritten(change) for problem in self.problems)


class SourceUnavailable(SourceError):
    """The source cannot be reached or read now; trying again later may help.

    ``retry_after_seconds`` is what the upstream asked for, if it asked.
    """

    code = "unavailable"

    def __init__(
        self, message: str, *, problems: Iterable[Problem] = (), retry_after_seconds: float | None = None
    ) -> None:
        super().__init__(message, problems=problems)
        self.retry_after_seconds = retry_after_seconds


class SourceInvalid(SourceError):
    """The source or its content is wrong; somebody has to change it."""

    code = "invalid"


class SourceHeldBack(SourceError):
    """The source suddenly holds much less than before; it is not taken over until somebody forces it."""

    code = "held_back"


class SourceFailed(SourceError):
    """A bug of ours or of a plugin ended the refresh; the server log has the traceback."""

    code = "internal"


class AddressForbidden(SourceInvalid):
    """An outgoing request would go to an address that this server does not talk to (see ``security/outgoing.py``)."""

    code = "address_forbidden"


class RefreshSuperseded(CatalogError):
    """Another worker has taken over this refresh, or it was cancelled; nothing was stored by this one."""

    code = "superseded"


class InvalidQuery(CatalogError):
    """A list parameter cannot be understood. Answered with 400.

    Attributes:
        parameter: the name of the query parameter, such as ``filterQuery``.
        position: where in its value the trouble begins, in characters from 0; ``None`` if it concerns the whole value.
    """

    code = "invalid_query"

    def __init__(self, message: str, *, parameter: str, position: int | None = None) -> None:
        self.parameter = parameter
        self.position = position
        where = parameter if position is None else f"{parameter}, character {position + 1}"
        super().__init__(f"{where}: {message}")


class NotFound(CatalogError):
    """What the path names does not exist. Answered with 404."""

    code = "not_found"


class InvalidAction(CatalogError):
    """A request for an action cannot be understood, or its parameters break the schema. Answered with 400.

    Attributes:
        problems: for each field that is wrong, its name, such as ``params.tags[0]``, and what is expected of it.
    """

    code = "invalid_action"

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(f"{name}: {message}" if name else message for name, message in self.problems))


class ActionRefused(CatalogError):
    """An action that is asked for correctly cannot take place now; the text says why. Answered with 409."""

    code = "action_refused"


class RefreshRefused(CatalogError):
    """A refresh that was asked for cannot take place in the present state of the source. Answered with 409."""

    code = "refresh_refused"


class RefreshLimited(CatalogError):
    """A refresh was asked for too soon after the one before. Answered with 429.

    ``retry_after_seconds`` says when to ask again.
    """

    code = "too_many_requests"

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(message)


class JobOver(CatalogError):
    """A job that is over cannot be cancelled. Answered with 409."""

    code = "job_over"


class BrokerUnavailable(CatalogError):
    """No worker could be told to do something, as the broker cannot be reached. Answered with 503."""

    code = "broker_unavailable"
