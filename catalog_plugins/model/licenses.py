"""Names of licenses that models are often under."""

from collections.abc import Mapping
from types import MappingProxyType

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "afl-3.0": "Academic Free License v3.0",
        "agpl-3.0": "GNU Affero General Public License v3.0",
        "apache-2.0": "Apache 2.0",
        "artistic-2.0": "Artistic License 2.0",
        "bigscience-bloom-rail-1.0": "BigScience BLOOM RAIL 1.0",
        "bigscience-openrail-m": "BigScience Open RAIL-M",
        "bsd-2-clause": 'BSD 2-Clause "Simplified" License',
        "bsd-3-clause": 'BSD 3-Clause "New" or "Revised" License',
        "bsl-1.0": "Boost Software License 1.0",
        "cc-by-4.0": "Creative Commons Attribution 4.0 International",
        "cc-by-nc-4.0": "Creative Commons Attribution Non Commercial 4.0 International",
        "cc-by-nc-nd-4.0": "Creative Commons Attribution Non Commercial No Derivatives 4.0 International",
        "cc-by-nc-sa-4.0": "Creative Commons Attribution Non Commercial Share Alike 4.0 International",
        "cc-by-sa-4.0": "Creative Commons Attribution Share Alike 4.0 International",
        "cc0-1.0": "Creative Commons Zero v1.0 Universal",
        "creativeml-openrail-m": "CreativeML Open RAIL-M",
        "gemma": "Gemma License",
        "gpl-2.0": "GNU General Public License v2.0",
        "gpl-3.0": "GNU General Public License v3.0",
        "isc": "ISC License",
        "lgpl-3.0": "GNU Lesser General Public License v3.0",
        "llama2": "Llama 2 Community License",
        "llama3": "Llama 3 Community License",
        "llama3.1": "Llama 3.1 Community License",
        "llama3.2": "Llama 3.2 Community License",
        "llama3.3": "Llama 3.3 Community License",
        "mit": "MIT",
        "mpl-2.0": "Mozilla Public License 2.0",
        "openrail": "Open RAIL",
        "unlicense": "The Unlicense",
    }
)


def license_name(text: str) -> str:
    """Return the name of the license whose id is ``text``, in whatever case; any other text as it is.

    >>> license_name("Apache-2.0"), license_name("our own")
    ('Apache 2.0', 'our own')
    """
    return _NAMES.get(text.strip().lower(), text)
