// SPDX-License-Identifier: AGPL-3.0-or-later
// Amounts in a currency's smallest unit, as people write and read them. Browsers know other numbers
// of digits for some currencies, so the server's are repeated here.
import { called, number } from "@/lib/formats";

const TWO = `
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG
HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU
MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR
SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED
VES WST XCD XCG YER ZAR ZMW ZWG`;
const ZERO = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
const THREE = "BHD IQD JOD KWD LYD OMR TND";

const rows = (codes: string, digits: number) => codes.trim().split(/\s+/).map((code) => [code, digits] as const);

/** Codes of ISO 4217, with the digits after the point. */
export const CURRENCIES: ReadonlyMap<string, number> = new Map([...rows(TWO, 2), ...rows(ZERO, 0), ...rows(THREE, 3)]);

/** Most of the smallest unit. */
const MOST = 1e14;

const digitsOf = (currency: string): number => CURRENCIES.get(currency) ?? 2;

/** "€12.50", "¥1,200"; a whole amount without its zeros. */
export function amount(minor: number, currency: string): string {
  const digits = digitsOf(currency);
  const value = minor / 10 ** digits;
  const shown = Number.isInteger(value) ? 0 : digits;
  const shape = { style: "currency", currency, minimumFractionDigits: shown, maximumFractionDigits: shown } as const;
  return number(value, shape);
}

/** An amount as it stands in a field: "12.50". */
export function written(minor: number, currency: string): string {
  const digits = digitsOf(currency);
  const value = minor / 10 ** digits;
  return value.toFixed(Number.isInteger(value) ? 0 : digits);
}

/** What somebody wrote, in the smallest unit; null when it is no amount of this currency. */
export function read(text: string, currency: string): number | null {
  const digits = digitsOf(currency);
  // A comma or a point begins the small change; spaces and apostrophes part thousands.
  const found = /^(\d{1,15})(?:[.,](\d+))?$/.exec(text.replace(/[\s\u00A0\u202F'’]/g, ""));
  const [, whole = "", part = ""] = found ?? [];
  if (!found || part.length > digits) return null;
  const minor = Number(whole + part.padEnd(digits, "0"));
  return minor <= MOST ? minor : null;
}

/** All of them to choose from: "EUR: Euro". */
export const allMoney = (): readonly { value: string; label: string }[] =>
  [...CURRENCIES.keys()].toSorted().map((value) => {
    const name = called(value, "currency");
    return { value, label: name === value ? value : `${value}: ${name}` };
  });

const KEPT = "kith.currency";

/** The currency one used last in this browser. */
export function usualCurrency(): string {
  try {
    const found = localStorage.getItem(KEPT) ?? "";
    return CURRENCIES.has(found) ? found : "EUR";
  } catch {
    return "EUR";
  }
}

/** Remember it. */
export function keepCurrency(code: string): void {
  try {
    localStorage.setItem(KEPT, code);
  } catch {
    // Private windows may forbid it; the next time it is chosen anew.
  }
}
