"""The form that entities of all kinds have in common, the asset, and what people add to it, the overlay."""

from catalog_core.entities.envelope.changing import OverlayChange, change_overlay
from catalog_core.entities.envelope.models import Asset, Health, Lifecycle, Overlay
from catalog_core.entities.envelope.overlaying import overlaid_document, overlaid_envelope
from catalog_core.entities.envelope.projection import asset_envelope

__all__ = [
    "Asset",
    "Health",
    "Lifecycle",
    "Overlay",
    "OverlayChange",
    "asset_envelope",
    "change_overlay",
    "overlaid_document",
    "overlaid_envelope",
]
