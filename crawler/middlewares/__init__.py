"""Downloader middlewares: how requests are redirected and repeated."""
