"""What the name of an entity may be."""

from catalog_core.entities.models import NAME_MAX_BYTES, NAME_MAX_LENGTH


def name_fault(name: str) -> tuple[str, str, str] | None:
    """Return rule, message and hint if ``name`` cannot be the name of an entity, or nothing if it can.

    >>> name_fault("größer/数 #1"), name_fault(" ")
    (None, ('missing-name', 'its name is empty', 'Give it a name.'))
    """
    if not name.strip():
        return "missing-name", "its name is empty", "Give it a name."
    size = len(name.encode(errors="surrogatepass"))
    if len(name) <= NAME_MAX_LENGTH and size <= NAME_MAX_BYTES:
        return None
    allowed = f"{NAME_MAX_LENGTH} in {NAME_MAX_BYTES} are allowed"
    message = f"its name has {len(name)} characters in {size} bytes of UTF-8, {allowed}"
    return "too-long", message, "Shorten it and keep the long form in the description."
