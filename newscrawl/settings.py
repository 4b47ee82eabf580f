"""Scrapy's settings for newscrawl; each that is not Scrapy's default carries its reason."""

from __future__ import annotations

from typing import Any

from newscrawl import __version__

BOT_NAME = "newscrawl"
SPIDER_MODULES = ["newscrawl.spiders"]
NEWSPIDER_MODULE = "newscrawl.spiders"
# A site file with several editions (the city channels of one paper) gives a spider for each.
SPIDER_LOADER_CLASS = "newscrawl.spider.SiteLoader"
# scrapy genspider -t news.
COMMANDS_MODULE = "newscrawl.commands"

# An honest name; NEWSCRAWL_CONTACT (a setting or in the environment: an address or page) is added to it.
USER_AGENT = f"newscrawl/{__version__}"

# Politeness: a host gets one request a second, give or take, two at most under way.
ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 1.0
CONCURRENT_REQUESTS_PER_DOMAIN = 2
# Pauses and least delays of a host, one pace for the whole process, an end within seconds: see newscrawl.downloader.
DOWNLOADER = "newscrawl.downloader.Downloader"
# A host that answers slowly gets fewer requests: the delay follows its latency, from DOWNLOAD_DELAY up to a minute. Scrapy
# would start at 5 s. With DOWNLOAD_DELAY 0 (--delay 0) our downloader lets it set no delay.
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 0.0
# Many sites in one process: the limit for each host is the one above.
CONCURRENT_REQUESTS = 32

# Scrapy starts this many tasks for each response: 100 of them cost as much as the rest of a crawl.
CONCURRENT_ITEMS = 2
# 1 GiB by default: a few hundred bytes of brotli fill it. No news page comes near 6 MiB.
DOWNLOAD_MAXSIZE = 6 * 1024 * 1024
DOWNLOAD_WARNSIZE = 4 * 1024 * 1024
# 180 s by default, for the whole answer: a slow drip would hold a place for three minutes.
DOWNLOAD_TIMEOUT = 30
DNS_TIMEOUT = 10
# A redirect may name any scheme; what is no web page is not fetched.
DOWNLOAD_HANDLERS: dict[str, Any] = dict.fromkeys(("file", "data", "ftp", "s3"))
# Refuses names that lead to private addresses.
TWISTED_DNS_RESOLVER = "newscrawl.resolver.Resolver"
# 429 and 503 are worth a second try; what still fails is asked for again by the next run.
RETRY_TIMES = 2
# No cookies: news pages need none, and a session would make pages differ from visit to visit.
COOKIES_ENABLED = False
# Both would listen on a port; one of them runs Python code.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# The address guard sees each address that would be fetched, redirects included; robots.txt is asked for after it.
DOWNLOADER_MIDDLEWARES: dict[str, Any] = {
    "newscrawl.middlewares.AddressGuard": 80,
    "newscrawl.robots.Robots": 100,
    # A browser's answer takes no turn of the host's: what its page asks for does.
    "newscrawl.render.Browser": 840,
    "newscrawl.middlewares.TrapGuard": 900,
    # Nearest to the network: before Scrapy undoes the content coding.
    "newscrawl.archive.Capture": 950,
    # Takes a robots.txt that fails for leave to crawl.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
}
ITEM_PIPELINES = {
    "newscrawl.pipelines.Count": 50,
    "newscrawl.pipelines.Validate": 100,
    "newscrawl.pipelines.Fingerprint": 200,
    "newscrawl.archive.Unanswered": 300,
    "newscrawl.pipelines.Store": 900,
}

# A row in the database for each run, whoever started it; a pause for a host that asks for one.
EXTENSIONS = {"newscrawl.run.Ledger": 0, "newscrawl.pace.RetryAfter": 0}

# Chinese stays Chinese in exports.
FEED_EXPORT_ENCODING = "utf-8"
LOG_LEVEL = "INFO"
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LOG_DATEFORMAT = "%Y-%m-%d %H:%M:%S"
# One line an item holds a whole article: see newscrawl.spider.
LOG_FORMATTER = "newscrawl.spider.QuietItems"

# newscrawl's own: where the database lies (NEWSCRAWL_DB in the environment, --db), how many pages a transaction holds.
NEWSCRAWL_DB = None
NEWSCRAWL_CONTACT = None
# What is kept raw (off, pages, images; None: as the site file says), and where (None: beside the database, newscrawl.archive/ for newscrawl.db).
NEWSCRAWL_ARCHIVE = None
NEWSCRAWL_ARCHIVE_DIR = None
# WARC files, or a folder of them, that answer instead of the network (crawl --replay).
NEWSCRAWL_REPLAY = None
# The program of the browser that renders pages (None: CHROMIUM in the environment, else found on PATH).
NEWSCRAWL_CHROMIUM = None
NEWSCRAWL_BATCH = 100
NEWSCRAWL_SINCE = None
NEWSCRAWL_UNTIL = None
NEWSCRAWL_LIMIT = None
# Processes that read pages once a crawl fetches faster than one can (None: as the environment says, else one a spare core, two at
# most; "0": none).
NEWSCRAWL_READERS = None
# Seconds on the wire that robots.txt has; after them nothing is fetched from its host.
NEWSCRAWL_ROBOTS_TIMEOUT = 25
# Whether sites on private addresses may be crawled that do not name such an address themselves.
NEWSCRAWL_ALLOW_PRIVATE = False
