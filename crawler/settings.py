"""Settings that differ from Scrapy's defaults, each with its reason."""

from importlib.util import find_spec

BOT_NAME = "agency-news-archive"
SPIDER_MODULES = ["spiders"]
SPIDER_LOADER_CLASS = "crawler.crawl.agency_loader.AgencyLoader"  # imports one spider, not all
COMMANDS_MODULE = "crawler.commands"

# Identity. The operator sets CONTACT to an address where the site can reach a person.
CONTACT = ""
USER_AGENT = "agency-news-archive/0.1"  # the crawl command adds the contact

# Where the archive is.
DATA_DIR = "data"
DISK_FREE_LEAST = 1_000_000_000  # bytes; below it a run ends; scrapy status warns below five times
CAPTURE = True  # False: rows cannot be checked or read again
CAPTURE_FILE_BYTES = 1_000_000_000  # size of a full WARC file; each day begins a new one
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en",
    "Accept-Encoding": "gzip, deflate",  # all that warcio and other readers of WARC files can undo
}

# Politeness.
ROBOTSTXT_OBEY = True
AUTOTHROTTLE_ENABLED = True  # slower if the site is slow
AUTOTHROTTLE_START_DELAY = 1.0  # seconds; Scrapy's five would delay a short run for nothing
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0  # one request at a time on average
DOWNLOAD_DELAY = 0.25  # seconds; AutoThrottle's lower limit
CONCURRENT_REQUESTS_PER_DOMAIN = 4  # readers of the site come first
RETRY_AFTER_MAX = 600  # seconds that a site may ask us to wait; if it asks for more, the run ends
STALLED_MINUTES = 20  # without a response until the run ends; more than RETRY_AFTER_MAX
REFUSALS_MAX = 10  # articles refused in a row (HTTP 401, 403, 429, 451) that end the run
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the article's own log line has the reason

# A web archive for -a wayback=1: the Internet Archive, or any that runs pywb.
CDX_URL = "https://web.archive.org/cdx/search/cdx"  # its index
WAYBACK_URL = "https://web.archive.org/web"  # precedes the timestamp in the address of a capture
WAYBACK_DELAY = 5.0  # seconds between requests, one at a time; the archive blocks faster clients
CDX_LINES = 10_000  # captures per response: two megabytes

# Safety.
DOWNLOAD_VERIFY_CERTIFICATES = True  # Scrapy's default is off
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024  # bytes, also after decompression; articles are under 1 MB
DOWNLOAD_WARNSIZE = 5 * 1024 * 1024
DOWNLOAD_TIMEOUT = 60  # seconds
STOP_SECONDS = 9  # for running transfers when the run ends, which may take ten seconds in all
REDIRECT_MAX_TIMES = 5  # articles have a few redirects at most
TELNETCONSOLE_ENABLED = False  # no open ports
REMOTE_CONTROL_ENABLED = False
COOKIES_ENABLED = False  # the archive wants what every reader sees
METAREFRESH_ENABLED = False  # meta refresh is meant for browsers

# Components.
DOWNLOAD_HANDLERS = {
    **dict.fromkeys(("http", "https"), "crawler.crawl.download.Transfers"),
    "warc": "crawler.crawl.warc_files.WarcDownload",  # local files: -a warc=
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # ignores failures
    "crawler.middlewares.politeness.ObeyRobots": 100,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # StayOnSite is stricter
    "crawler.middlewares.politeness.HeedRefusals": 540,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.middlewares.politeness.HonourRetryAfter": 550,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.middlewares.capture.UndoCoding": 590,
    "crawler.middlewares.redirect.StayOnSite": 600,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # no site needs a password
    "crawler.middlewares.capture.CaptureExchanges": 950,  # next to the downloader
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,  # no page leads to another
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # the ledger is the frontier
    # It would drop a request without an outcome, and the run would wait for it for ever.
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # every status has an outcome
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,  # nothing is copied
}
ITEM_PIPELINES = {
    "pipelines.reading.CleanBody": 100,
    "pipelines.reading.CheckCategory": 150,
    "pipelines.reading.ReadByline": 200,
    "pipelines.reading.ReadTimestamp": 300,
    "pipelines.reading.SettleLanguage": 400,
    "pipelines.reading.Validate": 500,
    "pipelines.recording.CompareWithLedger": 600,
    "pipelines.recording.WriteJournal": 700,
}
EXTENSIONS = {
    "crawler.extensions.item_outcomes.RecordOutcomes": 0,
    "crawler.middlewares.politeness.HonourCrawlDelay": 10,  # after AutoThrottle
    "crawler.extensions.reservation.AskForReservation": 12,
    "scrapy.extensions.logstats.LogStats": None,  # ShowProgress says more
    "crawler.extensions.progress.ShowProgress": 15,
    "crawler.extensions.report.ReportRun": 20,
    "crawler.extensions.watchdog.Watchdog": 30,
    "crawler.extensions.archive.KeepArchive": 90,  # last: it closes what the others read
}
CONCURRENT_ITEMS = 2  # Scrapy starts this many tasks per response, which has one item

# What is fetched when.
FIRST_RUN_HOURS = 48  # how far back the first plain run goes
FAILED_RETRY_SECONDS = 600  # before a failed article is tried again; four times longer each time
FAILED_RETRY_TIMES = 6  # failures in a row until an article is given up (two or three days)
REVISIT_HOURS = [1, 6, 24, 72, 168, 720]  # after publication, as most edits come early; then yearly
RUN_EVERY_MINUTES = 0  # the timer's, by which scrapy status knows the next run; 0: no timer
LISTINGS_MINUTES = 30  # until a long run, such as a backfill, looks for new articles again
GONE_SIGHTINGS = 3  # responses without an article until it counts as gone: sites have bad days
GONE_HOURS = 48  # from the first to the last of them
GONE_VISIT_HOURS = [6, 24, 48]  # after the first of them: when to look again
# Share of the articles visited again in a week that may be missing at once. Above it, no article
# counts as gone until a person has checked. Agencies delete about one in a hundred; a broken site
# loses most.
GONE_SHARE_MAX = 0.05
TDMREP_HOURS = 24  # between two requests for what the site reserves of text mining; 0: never
READ_UNKNOWN_LAYOUTS = True  # False: an article that no layout describes fails
SITE_IS_MIRROR = False  # True: a site on this machine is a proxy of the real one, not a stand-in
STAND_IN_COMMAND = ""  # the command that starts the stand-in; its archive keeps it

# Output.
YEAR_FILES = True  # False: runs end sooner if nobody reads articles/; scrapy export writes the same
LOG_LEVEL = "INFO"  # one log line per article
PROGRESS = True  # a bar below the log on a terminal; False: log lines, as without a terminal
PROGRESS_SECONDS = 60  # between two such lines
LOG_FORMAT = "%(asctime)s %(levelname)s: %(message)s"
LOG_VERSIONS: list[str] = []  # one line per article, and little else
STATS_DUMP = False  # the run report has them in a table
FEED_EXPORT_ENCODING = "utf-8"  # readable letters instead of escapes
FEED_EXPORTERS = {  # Scrapy's own writes lists and nested fields as Python code
    "csv": "crawler.extensions.export_cells.CsvCells",
    "xml": "crawler.extensions.export_cells.XmlCells",
    "marshal": None,  # it cannot write nested fields
}

if find_spec("uvloop"):
    ASYNCIO_EVENT_LOOP = "uvloop.Loop"  # needs a fifth less CPU per page

# Alerts of scrapy status --alert.
ALERT = ""  # e-mail addresses, URLs that take a text by POST, and those of Apprise (make notify)
ALERT_SERVER = "smtp://localhost"  # takes the mails; smtps://HOST: with the login of ~/.netrc
PING_URL = ""  # of a dead man's switch, asked after each good run; {agency} is replaced

# What a release says of itself, beside CONTACT.
OPERATOR = ""  # the person or institution to cite as its maker; else the name of this program
RELEASE_LICENSE = "CC0-1.0"  # SPDX id, for all but the texts and pictures: they are the publisher's
RELEASE_DOI = ""  # 10.5281/zenodo.1234567, reserved before the release is made

# What scrapy prove and scrapy release sign with, and what confirms the time of proofs.
PROOF_KEY = ""  # an SSH key without a passphrase, or one that an agent has; else nothing is signed
PROOF_AUTHORITY = ""  # URL of a time stamp authority (RFC 3161); else no time is confirmed
PROOF_AUTHORITY_CA = ""  # its certificates (PEM), by which its time stamps are checked
