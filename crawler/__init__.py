"""The engine: finds, fetches, reads and keeps articles; knows no agency.

Each package may import only what stands below it; `make test` checks it with import-linter:

    commands                    one Scrapy command a file
    cli.py                      what commands share
    browse                      an archive to search and look at
    release                     the data set as a folder that can be cited
    probe                       checks of a live site
    scaffold                    a look at one page, and the files of a new agency
    audit, verify               how complete an archive is, and how sound
    maintenance                 reparse, rebuild, withdraw
    extensions, middlewares     where Scrapy calls us
    report                      what a run did, and whether that is usual
    crawl                       a run: requests, and what their responses mean
    discovery                   what feeds, lists, sitemaps and indexes say
    store                       what is on disk: ledger, journal, queue
    warc                        captures: records, files, indexes
    extract                     from the bytes of a response to an article
    text                        text, names, dates, languages
    model                       what an article is
    system                      files, processes, signals, the clock
    errors.py                   what can go wrong, and the exit codes
"""
