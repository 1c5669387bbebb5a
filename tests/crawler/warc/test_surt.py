import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import text

from crawler.warc.surt import surt

PYWB = Path(sys.prefix) / "pywb" / "bin" / "python"
SESSION = "0123456789abcdef0123456789ABCDEF"
FOLDER = "(s(0123456789abcdefABCDEF01))"


# The keys on the right are those of the library surt, version 0.3.1.
@pytest.mark.parametrize(
    ("uri", "key"),
    [
        ("https://uza.uz/en/posts/A-b_1/?q=%2Freact", "uz,uza)/en/posts/a-b_1?q=/react"),
        ("http://www.uza.uz", "uz,uza)/"),
        ("https://uza.uz/posts/%D2%9A_1#top", "uz,uza)/posts/%d2%9a_1"),
        ("http://uza.uz/a?page=1&_l=ar", "uz,uza)/a?_l=ar&page=1"),
        ("http://127.0.0.1:42577/uz/rss", "1,0,0,127:42577)/uz/rss"),
        ("https://uza.uz:443/a", "uz,uza)/a"),
        ("http://uza.uz:443/a", "uz,uza:443)/a"),
        ("https://uza.uz:/a", "uz,uza)/a"),
        ("http://www2.uza.uz/a", "uz,uza)/a"),
        ("http://WWW12.uza.uz/a", "uz,uza)/a"),
        ("http://www.www2.uza.uz/", "uz,uza,www2)/"),
        ("http://wwwx.uza.uz/", "uz,uza,wwwx)/"),
        (f"http://uza.uz/a?sid={SESSION}&b=1", "uz,uza)/a?b=1"),
        (f"http://uza.uz/a?b=1&PHPSESSID={SESSION}", "uz,uza)/a?&b=1"),
        (f"http://uza.uz/a?jsessionid={SESSION}", "uz,uza)/a"),
        ("http://uza.uz/a?cfid=1&cftoken=2&b=1", "uz,uza)/a?b=1"),
        ("http://uza.uz/?ASPSESSIONIDabcdefgh=abcdefghijklmnopqrstuvwx", "uz,uza)/"),
        ("http://uza.uz/a?sid=12", "uz,uza)/a?sid=12"),
        (f"http://uza.uz/x/{FOLDER}/b.aspx?a=1", "uz,uza)/x/b.aspx?a=1"),
        ("http://uza.uz/(0123456789abcdef01234567)/b.ASPX", "uz,uza)/b.aspx"),
        ("http://uza.uz//en///posts//a_1", "uz,uza)/en/posts/a_1"),
        ("http://uza.uz/a//", "uz,uza)/a"),
        ("http://uza.uz/a/../b/./c", "uz,uza)/b/c"),
        ("http://uza.uz/a%252Fb", "uz,uza)/a/b"),
        ("http://uza.uz/a%23b", "uz,uza)/a%23b"),
        ("http://uza.uz/a?a-b=1&a=1&a", "uz,uza)/a?a&a=1&a-b=1"),
        ("http://somebody@uza.uz/a", "uz,uza)/a"),
        ("http://ўза.уз/", "xn--g1ax,xn--80an0j)/"),
        ("http://2130706433/", "1,0,0,127)/"),
        ("http://0177.0.0.1/", "1,0,0,127)/"),
        ("http://http://uza.uz/a", "uz,uza)/a"),
        (" http://uza.uz/a\n", "uz,uza)/a"),
    ],
)
def test_an_address_becomes_the_key_that_replay_tools_look_for(uri: str, key: str) -> None:
    assert surt(uri) == key


HOSTS = (
    *("uza.uz", "www2.uza.uz", "www.www.uza.uz", "WWW.uza.uz.", "www3", "a..uz", "127.1"),
    *("1.2.3.4.5", "08.1.2.3", "300.1.2.3", "[2001:db8::1]", "%D0%B0.uz", "a:b@uza.uz:8080"),
)
PATHS = (
    *("", "/", "//", "///a//b///", "/../a", "/a/..", "/.", "/a//../b", "/a/%2e%2e/b", "/..//../x"),
    *("/%E0%80", "/%zz", "/a%2", "/a b ", "/A,b;c=d:@!$&'()*+~", "/<x>[y]\\^`{|}", "/a%3Fb"),
    *(f"/{FOLDER}/x.aspx", f"/a/{FOLDER}/x.html", f"/a;jsessionid={SESSION}", "/Қ"),
)
QUERIES = (
    *("", "?", "?&", "?a=1&", "?&&a=1", "?b=1&a=2", "?a=&a", "?a=1&a=0", "?q=a+b%20c", "?a=%26b"),
    *("?a=%25&b=%2500", "?A[]=1&a[0]=2", "?z=%E0", "?x=Қ", "?x=a?b", "?a=1#x?y", "#?"),
    *(f"?xsid={SESSION}", f"?sid={SESSION}&sid={SESSION}", "?a=1&CFID=1&CFTOKEN=2&b=3"),
)


def test_thousands_of_odd_addresses_have_the_keys_of_the_library(tmp_path: Path) -> None:
    uris = [f"http://{host}{path}{query}" for host, path, query in product(HOSTS, PATHS, QUERIES)]
    code = "import json, sys, surt; json.dump([*map(surt.surt, json.load(sys.stdin))], sys.stdout)"
    answer = subprocess.run(
        [PYWB, "-W", "ignore", "-c", code],
        cwd=tmp_path,
        input=json.dumps(uris),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    differing = [
        (uri, key, surt(uri))
        for uri, key in zip(uris, json.loads(answer.stdout), strict=True)
        if surt(uri) != key
    ]
    assert not differing[:5]


@given(text())
def test_any_text_has_a_key(tail: str) -> None:
    assert surt(f"http://uza.uz/{tail}") == surt(f"https://www.uza.uz/{tail}")
    assert surt(f"http://uza.uz{tail}")  # whatever host that is
