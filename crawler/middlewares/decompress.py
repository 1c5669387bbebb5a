"""Unpack an answer in one call."""

from isal import isal_zlib
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware


class UnpackAtOnce(HttpCompressionMiddleware):
    """Unpacks as Scrapy does, and a sound gzip body of allowed size without its many small steps.

    What is too large, damaged, cut short or in several members is left to Scrapy.
    """

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        if encoding in (b"gzip", b"x-gzip"):
            unpacked = _whole(body, max_size)
            if unpacked is not None:
                return unpacked
        return HttpCompressionMiddleware._decode(body, encoding, max_size)


def _whole(body: bytes, most: int) -> bytes | None:
    """Unpack one sound gzip member of at most so many bytes; None if it is anything else."""
    stream = isal_zlib.decompressobj(wbits=31)
    try:
        unpacked = stream.decompress(body, most)
    except isal_zlib.error:  # type: ignore[misc]  # the stub of isal takes the class for an instance
        return None
    return unpacked if stream.eof and not stream.unused_data else None
