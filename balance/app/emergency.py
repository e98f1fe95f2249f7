"""Whom to call: the emergency number of the region that the browser names."""

# 112 works in the European Union and from most mobile phones elsewhere.
USUAL = "112"
BY_REGION = {
    "US": "911",
    "CA": "911",
    "MX": "911",
    "GB": "999",
    "AU": "000",
    "NZ": "111",
    "JP": "119",
    "KR": "119",
    "CN": "120",
    "BR": "192",
}


def emergency_number(locale: object) -> str:
    """Return the number of a locale such as ``en-US``; the usual one if unknown."""
    if not isinstance(locale, str):
        return USUAL
    region = locale.replace("_", "-").split("-")[-1].upper()
    return BY_REGION.get(region, USUAL)
