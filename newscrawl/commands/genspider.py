"""``scrapy genspider`` with one template more: ``-t news`` gives a site file."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.commands import genspider

TEMPLATES = Path(__file__).parent


class Command(genspider.Command):
    """Scrapy's command. Its own templates stay: the setting TEMPLATES_DIR would put ours in their place."""

    def _find_template(self, template: str) -> Path | None:
        own = TEMPLATES / f"{template.removesuffix('.tmpl')}.tmpl"
        # A path to a file is the user's.
        return own if own.exists() and not Path(template).exists() else super()._find_template(template)

    def _generate_template_variables(self, module: str, name: str, url: str, template_name: str) -> dict[str, Any]:
        values = super()._generate_template_variables(module, name, url, template_name)
        # A front page's address ends in a slash.
        return values if urlsplit(url).path else {**values, "url": f"{url}/"}

    def _list_templates(self) -> None:
        super()._list_templates()
        for file in sorted(TEMPLATES.glob("*.tmpl")):
            print(f"  {file.stem}")  # noqa: T201 - as Scrapy does
