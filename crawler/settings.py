"""Settings that differ from Scrapy's defaults, each with its reason."""

from importlib.util import find_spec

BOT_NAME = "agency-news-archive"
SPIDER_MODULES = ["spiders"]
SPIDER_LOADER_CLASS = "crawler.crawl.agency_loader.AgencyLoader"  # imports one, not all
COMMANDS_MODULE = "crawler.commands"

# Who we are. The operator sets CONTACT to an address where the site can reach a person.
CONTACT = ""
USER_AGENT = "agency-news-archive/0.1"  # the crawl command adds the contact

# Where the archive is kept.
DATA_DIR = "data"
DISK_FREE_LEAST = (
    1_000_000_000  # bytes; with less, a run ends; scrapy status warns below five times
)
CAPTURE = True  # every exchange goes into WARC files; False: rows cannot be checked or read again
CAPTURE_FILE_BYTES = 1_000_000_000  # after which a WARC file is full; each day begins a new one
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en",
    "Accept-Encoding": "gzip, deflate",  # all that warcio and other readers of WARC files undo
}

# Politeness.
ROBOTSTXT_OBEY = True
AUTOTHROTTLE_ENABLED = True  # slower when the site is slow
AUTOTHROTTLE_START_DELAY = 1.0  # seconds; five would make a short run wait for nothing
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0  # one request at a time on average
DOWNLOAD_DELAY = 0.25  # seconds; the least AutoThrottle may go down to
CONCURRENT_REQUESTS_PER_DOMAIN = 4  # a news site's readers come first
RETRY_AFTER_MAX = 600  # seconds a site may ask us to wait; if it asks for more, the run ends
STALLED_MINUTES = 20  # without any answer, after which the run ends; longer than RETRY_AFTER_MAX
REFUSALS_MAX = 10  # articles refused in a row (HTTP 401, 403, 429, 451) after which the run ends
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the article's own line says it

# A web archive, for -a wayback=1: the Internet Archive's, or any that pywb serves.
CDX_URL = "https://web.archive.org/cdx/search/cdx"  # its index
WAYBACK_URL = "https://web.archive.org/web"  # before the timestamp in the address of a capture
WAYBACK_DELAY = 5.0  # seconds between requests, one at a time; it blocks who asks it much faster
CDX_LINES = 10_000  # captures listed at once: two megabytes

# Safety.
DOWNLOAD_VERIFY_CERTIFICATES = True  # Scrapy does not by default
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024  # bytes, also after decompression; articles are under 1 MB
DOWNLOAD_WARNSIZE = 5 * 1024 * 1024
DOWNLOAD_TIMEOUT = 60  # seconds
STOP_SECONDS = 9  # what a transfer gets when the run is to end, which is to take ten in all
REDIRECT_MAX_TIMES = 5  # an article is at most a few redirects away
TELNETCONSOLE_ENABLED = False  # no open ports
REMOTE_CONTROL_ENABLED = False
COOKIES_ENABLED = False  # an archive wants what every reader sees
METAREFRESH_ENABLED = False  # a refresh in a page is for readers

# What runs.
DOWNLOAD_HANDLERS = {
    **dict.fromkeys(("http", "https"), "crawler.crawl.download.Transfers"),
    "warc": "crawler.crawl.warc_files.WarcDownload",  # files of others: -a warc=
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # takes a failure for a yes
    "crawler.middlewares.politeness.ObeyRobots": 100,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # StayOnSite is stricter
    "crawler.middlewares.politeness.HeedRefusals": 540,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.middlewares.politeness.HonourRetryAfter": 550,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.middlewares.decompress.UndoCoding": 590,
    "crawler.middlewares.redirect.StayOnSite": 600,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # there is no password
    "crawler.middlewares.capture.CaptureExchanges": 950,  # next to the downloader
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,  # there is no page we came from
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # the ledger is the frontier
    # It drops a request without an outcome, for which the run would wait for ever.
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # a status is an outcome
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,  # nothing is copied
}
ITEM_PIPELINES = {
    "pipelines.clean_body.CleanBody": 100,
    "pipelines.check_category.CheckCategory": 150,
    "pipelines.read_byline.ReadByline": 200,
    "pipelines.read_timestamp.ReadTimestamp": 300,
    "pipelines.settle_language.SettleLanguage": 400,
    "pipelines.validate.Validate": 500,
    "pipelines.compare_with_ledger.CompareWithLedger": 600,
    "pipelines.write_journal.WriteJournal": 700,
}
EXTENSIONS = {
    "crawler.extensions.outcomes.NoteOutcomes": 0,
    "crawler.extensions.crawl_delay.HonourCrawlDelay": 10,  # after AutoThrottle
    "scrapy.extensions.logstats.LogStats": None,  # ShowProgress says more
    "crawler.extensions.progress.ShowProgress": 15,
    "crawler.extensions.report.ReportRun": 20,
    "crawler.extensions.watchdog.Watchdog": 30,
    "crawler.extensions.archive.KeepArchive": 90,  # last: it closes what others read
}
CONCURRENT_ITEMS = 2  # Scrapy starts this many tasks for every answer; an answer has one item

# Work.
FIRST_RUN_HOURS = 48  # how far back a plain run goes on an empty ledger
FAILED_RETRY_SECONDS = 600  # before a failed article is tried again; four times longer each time
FAILED_RETRY_TIMES = 6  # failures in a row after which an article is given up (two or three days)
REVISIT_HOURS = [1, 6, 24, 72, 168, 720]  # after publication: edits come early; then once a year
LISTINGS_MINUTES = 30  # after which a long run looks for news again, a backfill too
GONE_SIGHTINGS = 3  # answers without an article before it counts as gone: sites have bad days
GONE_HOURS = 48  # from the first to the last of them
GONE_VISIT_HOURS = [6, 24, 48]  # after the first of them: when to look again
# Share of the articles visited again in a week that may be missing at once; where more are, none
# is gone until somebody has looked. Agencies take down one in a hundred, a broken site takes most.
GONE_SHARE_MAX = 0.05
READ_UNKNOWN_LAYOUTS = True  # False: what no layout describes fails, however sure its text is
SITE_IS_MIRROR = False  # True: what is asked on this machine is a proxy of the site, no stand-in
STAND_IN_COMMAND = ""  # what starts the stand-in that is asked; its archive tells it later

# Output.
YEAR_FILES = True  # False: a run ends sooner where nobody reads articles/; export tells the same
LOG_LEVEL = "INFO"  # one line an article
PROGRESS = True  # a bar below the log on a terminal; off: lines in the log, as without a terminal
PROGRESS_SECONDS = 60  # between two such lines
LOG_FORMAT = "%(asctime)s %(levelname)s: %(message)s"
LOG_VERSIONS: list[str] = []  # one line an article, and little else
STATS_DUMP = False  # the run report says it in a table
FEED_EXPORT_ENCODING = "utf-8"  # readable letters instead of escapes
FEED_EXPORTERS = {  # Scrapy's write lists and parts of a row as Python
    "csv": "crawler.extensions.export_cells.CsvCells",
    "xml": "crawler.extensions.export_cells.XmlCells",
    "marshal": None,  # it cannot write the parts of a row
}

if find_spec("uvloop"):
    ASYNCIO_EVENT_LOOP = "uvloop.Loop"  # a fifth less CPU a page

# Alerts of scrapy status --alert.
ALERT = ""  # e-mail addresses, and URLs that take a text by POST
ALERT_SERVER = "smtp://localhost"  # takes the mails; smtps://HOST: with the login of ~/.netrc
PING_URL = ""  # of a dead man's switch, asked after each good run; {agency} is replaced

# Notices, where Spidermon is installed (make notify) and SPIDERMON_ENABLED is set.
NOTIFY_ACTIONS: list[str] = []  # its actions for a run that failed
if find_spec("spidermon"):
    EXTENSIONS["spidermon.contrib.scrapy.extensions.Spidermon"] = 100
    SPIDERMON_ENGINE_STOP_MONITORS = [
        "crawler.report.notify.RunSuite"
    ]  # the exit code is settled then
    # Its own templates say that a monitor failed, but not why.
    SPIDERMON_BODY_TEXT = "{{ data.spider.name }}: {{ result.monitors_failed_results[0].reason }}"
    SPIDERMON_EMAIL_SUBJECT = "crawl of {{ data.spider.name }} failed"
    SPIDERMON_DISCORD_MESSAGE = SPIDERMON_TELEGRAM_MESSAGE = SPIDERMON_BODY_TEXT
    SPIDERMON_SLACK_MESSAGE = SPIDERMON_BODY_TEXT
