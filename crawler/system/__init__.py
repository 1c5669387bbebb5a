"""What the operating system gives: files, processes, signals, the time.

It knows no article; it may import only errors.
"""
