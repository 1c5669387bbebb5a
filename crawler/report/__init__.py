"""What a run did and whether that is usual: its report, monitors, status, notifications.

Decides what counts as an alarm and which exit code applies. It may import crawl and lower.
"""
