"""Topic patterns: MQTT filters in which one part may be `{device}`."""

DEVICE = "{device}"


def check_pattern(pattern: str) -> None:
    """Raise ValueError, with what is wrong, for a pattern that cannot be subscribed to."""
    parts = pattern.split("/")
    if "#" in parts[:-1]:
        raise ValueError(f"topic {pattern!r}: # may only be the last part")
    if parts.count(DEVICE) > 1:
        raise ValueError(f"topic {pattern!r}: {DEVICE} may stand only once")
    wrong = [part for part in parts if part not in ("+", "#", DEVICE) and set(part) & set("+#{}\0")]
    if wrong:
        raise ValueError(f"topic {pattern!r}: {wrong[0]!r} must be a whole part +, # or {DEVICE}")


def subscription(pattern: str) -> str:
    """Return the MQTT topic filter of a pattern."""
    return pattern.replace(DEVICE, "+")


def match(pattern: str, topic: str) -> dict[str, str] | None:
    """Return what the pattern names in the topic (`device` or nothing); None when it is another
    topic. As in MQTT, `#` also covers its parent and wildcards never cover `$` topics."""
    wanted, parts = pattern.split("/"), topic.split("/")
    if wanted[-1] == "#":
        wanted = wanted[:-1]
        parts = parts[: len(wanted)] if len(parts) >= len(wanted) else parts
    if len(wanted) != len(parts) or (topic.startswith("$") and pattern[0] != "$"):
        return None
    named: dict[str, str] = {}
    for want, part in zip(wanted, parts, strict=True):
        if want == DEVICE and part:
            named["device"] = part
        elif want not in ("+", part):
            return None
    return named
