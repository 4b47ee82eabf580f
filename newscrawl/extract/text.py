"""Clean text: what a reader sees, without control characters, zero-width marks or runs of white space."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# C0 and C1 controls, zero-width and direction marks, byte-order mark, soft hyphen, surrogates, non-characters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\ufffb\ufffe\uffff]"
)
_SPACE = re.compile(r"[\s\u3000]+")
_FOLD_DROP = re.compile(r"[\s\u200b\ufeff]+")


def clean(text: str | None) -> str:
    """One line of text as read: unseen characters off, runs of any white space (ideographic too) become one blank."""
    if not text:
        return ""
    text = text.strip()
    # Nothing unseen is printable, and no white space is but the blank: most text is clean as it stands.
    if text.isprintable() and "  " not in text:
        return text
    return _SPACE.sub(" ", _UNSEEN.sub("", text)).strip()


def clean_or_none(text: str | None) -> str | None:
    """`clean`, with ``None`` for what is empty."""
    return clean(text) or None


def fold(text: str | None) -> str:
    """Text for comparing, never for storing: NFKC, lower case, no white space at all."""
    if not text:
        return ""
    # A page's title and names are compared with again and again.
    return _folded(text) if len(text) <= 300 else _folded.__wrapped__(text)


@lru_cache(maxsize=1024)
def _folded(text: str) -> str:
    return _FOLD_DROP.sub("", unicodedata.normalize("NFKC", text)).lower()
