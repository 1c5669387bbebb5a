"""What tests of several packages begin with."""

from tests.crawler.buckets import s3 as s3
from tests.crawler.buckets import s3_port as s3_port
