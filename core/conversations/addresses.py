"""One way to write an address (pure): a phone has several, and WhatsApp knows some people by another than they dial.

Argentina: mobiles have a 9 after 54 on WhatsApp, at home a 15 after the area code instead. Brazil: accounts from before the ninth
digit keep eight. Mexico: accounts from before 2019 have a 1 after 52. (faq.whatsapp.com: How to add an international phone number)
"""

from collections.abc import Callable
from functools import lru_cache

import phonenumbers

KNOWN = 4096
"""Addresses: the library takes longer than the database, and a message asks twice."""
FEWEST_DIGITS = 7


@lru_cache(KNOWN)
def plain_address(channel: str, address: str) -> str:
    """What a customer's address is kept and looked up as. Not what is written to: that is the address they wrote from."""
    digits = address.strip().removeprefix("+").removeprefix("00")
    if channel != "whatsapp" or not (digits.isascii() and digits.isdigit() and len(digits) >= FEWEST_DIGITS):
        return address.strip()
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return digits
    whole = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
    change = MOBILES.get(number.country_code)
    return change(whole) if change else whole


def _argentina(digits: str) -> str:
    """54 + ten digits: with the 9."""
    return f"549{digits[2:]}" if len(digits) == 12 else digits


def _brazil(digits: str) -> str:
    """55 + area + eight digits that begin like a mobile: with the ninth."""
    return f"{digits[:4]}9{digits[4:]}" if len(digits) == 12 and digits[4] in "6789" else digits


def _mexico(digits: str) -> str:
    """52 + 1 + ten digits: without the 1."""
    return f"52{digits[3:]}" if len(digits) == 13 and digits[2] == "1" else digits


MOBILES: dict[int | None, Callable[[str], str]] = {54: _argentina, 55: _brazil, 52: _mexico}
