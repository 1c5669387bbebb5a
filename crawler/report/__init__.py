"""What a run did and whether that is usual: its report, the monitors, status, notifications.

Decides what counts as an alarm and which exit code holds. It may import crawl and lower.
"""
