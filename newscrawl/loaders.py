"""ArticleLoader: makes an `Article` out of found values, each field through its own processors.

Values come in already found: selectors inside a loader would search the page once a field, which costs more than
fetching it. A spider with an exception to make adds its own values in any form that a page prints them:

    loader = ArticleLoader.for_page(extraction, site="weihai")
    loader.replace_value("source", "来源：威海晚报")
    article = loader.load_item()
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

from itemloaders import ItemLoader
from itemloaders.processors import Identity, TakeFirst

from newscrawl.extract import bylines, dates
from newscrawl.extract.body import Body
from newscrawl.extract.candidates import Candidate
from newscrawl.extract.layers import Extraction
from newscrawl.extract.text import clean
from newscrawl.items import Article, Block, Editor, Image


class Lines:
    """Input processor: every value as one clean line; empty ones and labels without a value fall away."""

    def __call__(self, values: Iterable[Any]) -> list[str]:
        return [text for value in values if isinstance(value, str) and (text := clean(value)) and text[-1] not in "：:"]


class Names:
    """Input processor: person names out of strings as printed (``记者 周颖 通讯员 程朋``) or lists of them; each once."""

    def __call__(self, values: Iterable[Any]) -> list[str]:
        found: dict[str, None] = {}
        for value in values:
            for name in [clean(value)] if isinstance(value, _Name) else bylines.names(str(value)):
                if name:
                    found[name] = None
        return list(found)


class Editors:
    """Input processor: `Editor` objects, or editor lines as printed (``[责任编辑：姜晖]``)."""

    def __call__(self, values: Iterable[Any]) -> list[Editor]:
        found: list[Editor] = []
        for value in values:
            for editor in [value] if isinstance(value, Editor) else bylines.editors(str(value)):
                if editor.name and editor not in found:
                    found.append(editor)
        return found


class Sources:
    """Input processor: who is credited, label and junk off."""

    def __call__(self, values: Iterable[Any]) -> list[str]:
        return [source for value in values if (source := bylines.source(str(value)))]


class Moments:
    """Input processor: `dates.Moment` objects, or times as printed; ``now`` comes from the loader's context."""

    def __call__(self, values: Iterable[Any], loader_context: dict[str, Any]) -> list[dates.Moment]:
        now = loader_context.get("now") or datetime.now(UTC)
        found = (value if isinstance(value, dates.Moment) else dates.parse(str(value), now) for value in values)
        return [moment for moment in found if moment]


class Once:
    """Output processor: the values in order, each once."""

    def __call__(self, values: Iterable[Any]) -> list[Any]:
        out: list[Any] = []
        for value in values:
            if value not in out:
                out.append(value)
        return out


class _Name(str):
    """A person's name that the extraction has already taken out of its line."""

    __slots__ = ()


class ArticleLoader(ItemLoader):
    """An itemloaders loader for `Article`; context: ``now``, the aware time at which the page was fetched."""

    default_item_class = Article
    default_input_processor = Lines()
    default_output_processor = TakeFirst()

    published_at_in = Moments()
    source_in = Sources()
    authors_in = reporters_in = correspondents_in = Names()
    editors_in = Editors()
    authors_out = reporters_out = correspondents_out = editors_out = Once()
    addresses_out = keywords_out = channel_out = flags_out = parts_out = Once()
    paragraphs_out = lead_out = subheadings_out = Identity()
    body_text_in = body_html_in = Identity()
    images_in = images_out = blocks_in = blocks_out = Identity()
    provenance_in = visit_in = Identity()

    # The base class asks the item for a field's processors at each value; ours are the class's own, and looked up once.
    _processors: ClassVar[dict[str, Callable[..., Any]]] = {}

    def get_input_processor(self, field_name: str) -> Callable[..., Any]:
        """The input processor of a field."""
        return self._processor(f"{field_name}_in", self.default_input_processor)

    def get_output_processor(self, field_name: str) -> Callable[..., Any]:
        """The output processor of a field."""
        return self._processor(f"{field_name}_out", self.default_output_processor)

    def _processor(self, name: str, default: Callable[..., Any]) -> Callable[..., Any]:
        key = f"{type(self).__qualname__}.{name}"
        found = self._processors.get(key)
        if found is None:
            found = self._processors[key] = getattr(type(self), name, None) or default
        return found

    @classmethod
    def for_page(cls, extraction: Extraction, *, site: str | None = None) -> ArticleLoader:
        """A loader filled with what was found on a page, ready to be added to."""
        page = extraction.page
        loader = cls(now=page.now)
        loader.add_value("url", page.url)
        loader.add_value("site", site)
        for name, candidate in extraction.chosen.items():
            fill = _FILL.get(name)
            if fill is not None:
                fill(loader, candidate)
            elif name in _PLAIN:
                loader.add_value(name, candidate.value)
        loader.add_found("blocks", extraction.blocks)
        loader.add_found("next_page", extraction.next_part)
        loader.add_value("charset", page.charset)
        loader.add_found("flags", sorted(page.flags))
        loader.add_value("provenance", {name: c.rule for name, c in extraction.chosen.items()})
        return loader

    def add_found(self, name: str, value: Any) -> None:
        """Add a value unless it is empty: on most pages half of the fields are, and each costs as much as a full one."""
        if value:
            self.add_value(name, value)

    def load_item(self) -> Article:
        """The article; times are split into instant, raw text and precision."""
        moment = next(iter(self._values.get("published_at", [])), None)
        self._values.pop("published_at", None)
        article: Article = super().load_item()
        # An article that is being corrected holds its time as text, and keeps it with what was printed.
        if isinstance(moment, dates.Moment):
            article.published_at, article.published_raw, article.published_precision = moment.iso(), moment.raw, moment.precision
        return article


def _fill_body(loader: ArticleLoader, candidate: Candidate) -> None:
    body: Body = candidate.value
    loader.add_value("body_text", body.text)
    loader.add_value("body_html", body.html)
    loader.add_found("paragraphs", [p.text for p in body.paragraphs if p.kind not in ("caption", "row")])
    loader.add_found("lead", [p.text for p in body.paragraphs if p.kind == "lead"])
    loader.add_found("subheadings", [p.text for p in body.paragraphs if p.kind == "heading"])
    loader.add_found("images", body.images)


def _fill_names(loader: ArticleLoader, candidate: Candidate) -> None:
    loader.add_value(candidate.field, [_Name(name) for name in candidate.value])


_PLAIN = frozenset({"title", "kicker", "subtitle", "published_at", "source", "source_url", "editors", "channel", "keywords"})
_FILL: dict[str, Callable[[ArticleLoader, Candidate], None]] = {
    "body": _fill_body,
    "authors": _fill_names,
    "reporters": _fill_names,
    "correspondents": _fill_names,
}


def load(extraction: Extraction, *, site: str | None = None) -> Article:
    """The article of an extraction, as it stands."""
    return ArticleLoader.for_page(extraction, site=site).load_item()


def join(first: Article, part: Article) -> Article:
    """Add the next part of a paged article to its first: text, images and names go on; links and headline stay.

    A part that repeats what is there already (a pager that wraps round) adds nothing.
    """
    if part.body_text and part.body_text not in (first.body_text or ""):
        first.body_text = "\n".join(text for text in (first.body_text, part.body_text) if text)
        first.body_html = (first.body_html or "") + (part.body_html or "")
        first.paragraphs += part.paragraphs
        first.subheadings += part.subheadings
        _extend(first.images, part.images, key=lambda image: image.url)
    _extend(first.reporters, part.reporters)
    _extend(first.correspondents, part.correspondents)
    _extend(first.authors, part.authors)
    _extend(first.editors, part.editors)
    if not any(block.links for block in first.blocks):
        first.blocks = part.blocks
    first.parts += [url for url in (part.url, *part.addresses) if url and url not in first.parts]
    first.next_page = part.next_page
    first.content_hash = None
    _extend(first.flags, part.flags)
    return first


def _extend(have: list[Any], more: Iterable[Any], key: Callable[[Any], Any] = lambda value: value) -> None:
    seen = {repr(key(value)) for value in have}
    have += [value for value in more if repr(key(value)) not in seen]


__all__ = ["ArticleLoader", "Block", "Image", "join", "load"]
