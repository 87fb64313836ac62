"""EMO-DB: German acted speech, ten actors, seven emotions.

Citation: F. Burkhardt et al., "A Database of German Emotional Speech", Interspeech 2005.
Licence: CC0 1.0.
"""

from __future__ import annotations

from pathlib import Path

from ..types import Scheme, scheme
from ._clips import Clips, load_clips

NAME = "emodb"
SCHEME: Scheme = scheme("emodb7")


def load(*, root: str | Path | None = None) -> Clips:
    """Read the 535 two-second clips; there is no split: leave one speaker out."""
    return load_clips("emodb", "text_code", SCHEME, root)
