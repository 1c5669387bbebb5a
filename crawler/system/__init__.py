"""What the operating system provides: files, processes, signals, the time.

It knows no article. It may import only errors.
"""
