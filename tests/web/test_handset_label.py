"""What a handset is called before anybody names it, by the headers that browsers send."""

import pytest

from hub.web.phones.label import label_of

APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROMIUM = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0"


@pytest.mark.parametrize(
    ("header", "label"),
    [
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) {APPLE} Version/18.4 "
            "Mobile/15E148 Safari/604.1",
            "iPhone · Safari",
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) {APPLE} CriOS/156.0 "
            "Mobile/15E148 Safari/604.1",
            "iPhone · Chrome",
        ),
        (f"Mozilla/5.0 (Linux; Android 10; K) {CHROMIUM} Mobile Safari/537.36", "Android · Chrome"),
        (
            f"Mozilla/5.0 (Linux; Android 10; K) {CHROMIUM} SamsungBrowser/28.0 Mobile "
            "Safari/537.36",
            "Android · Samsung Internet",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROMIUM} Safari/537.36 Edg/156.0",
            "Windows · Edge",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
            "Linux · Firefox",
        ),
        ("Python/3.11 aiohttp/3.14", "?"),
        ("", "?"),
    ],
)
def test_a_handset_is_called_by_its_system_and_browser(header: str, label: str) -> None:
    assert label_of(header) == label
