// A moment as the shopper's clock shows it.

/** "14:02" in the page's language; `more` may name a time zone or ask for seconds. */
export function clockTime(at, more) {
  return new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...more });
}
