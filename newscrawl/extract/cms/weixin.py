"""微信公众号 mp.weixin.qq.com: articles of official accounts; the account's name is what 来源 means here.

The shown time (昨天) is written by a script from ``ct``, seconds since 1970; the head of newer pages has no ``<title>``.
Rules: pages of 2020 and 2022.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newscrawl.extract import dates
from newscrawl.extract.candidates import Candidate
from newscrawl.extract.cms.family import Family
from newscrawl.extract.page import Page
from newscrawl.extract.rules import Layout

_VARIABLES = ("var ct", "ori_create_time", "create_time")
_SECONDS = re.compile(r"""\s{0,4}[=:]\s{0,4}(?:JsDecode\()?["'](\d{10})["']""")


def _values(page: Page) -> Iterator[Candidate]:
    for name in _VARIABLES:
        start = page.html.find(name)
        match = _SECONDS.match(page.html, start + len(name)) if start >= 0 else None
        if match and (moment := dates.parse(match[1], page.now)):
            yield Candidate("published_at", moment, f"cms:weixin:{name.removeprefix('var ')}", match[1])
            return


FAMILIES = (
    Family(
        Layout(
            name="weixin",
            marks=("#js_content", "#activity-name"),
            title="#activity-name",
            source="#js_name",
            author=("#js_author_name", "#author_name"),
            body="#js_content",
            remove=("div.mp_profile_iframe_wrp", "mpvoice", "mp-common-profile", "#js_tags_preview_toast"),
        ),
        needs="#js_content",
        values=_values,
    ),
)
