# SPDX-License-Identifier: AGPL-3.0-or-later
"""Currencies of ISO 4217 and how an amount in minor units is written."""

from collections.abc import Mapping

_TWO = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG
HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU
MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR
SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED
VES WST XCD XCG YER ZAR ZMW ZWG
"""
_ZERO = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"

CURRENCIES: Mapping[str, int] = {
    **dict.fromkeys(_TWO.split(), 2),
    **dict.fromkeys(_ZERO.split(), 0),
    **dict.fromkeys(_THREE.split(), 3),
}
"""Codes of money in use, with the digits after the point. Funds, metals and tests are left out."""

MOST = 10**14
"""Minor units an amount may have: exact in every client's numbers."""


def amount(minor: int, currency: str) -> str:
    """An amount as text that reads in every language: ``1 234.50 EUR``.

    Args:
        minor: how many of the smallest unit, from 0.
        currency: a code of `CURRENCIES`.
    """
    digits = CURRENCIES[currency]
    whole, part = divmod(minor, 10**digits)
    fraction = f".{part:0{digits}d}" if digits else ""
    # A narrow no-break space: neither comma nor point, which mean opposite things elsewhere.
    return f"{whole:,}".replace(",", "\u202f") + fraction + "\u00a0" + currency
