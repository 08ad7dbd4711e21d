"""What a handset is called until somebody gives it a name: read from the browser's User-Agent."""

SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
BROWSERS = (
    ("EdgiOS", "Edge"),
    ("Edg", "Edge"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""What stands in the header to what people call it; the first that is found is meant."""


def label_of(user_agent: str) -> str:
    """Return such as `Android · Chrome`, `?` of what nobody knows."""
    found = (
        next((name for sign, name in names if sign in user_agent), None)
        for names in (SYSTEMS, BROWSERS)
    )
    return " · ".join(name for name in found if name) or "?"
