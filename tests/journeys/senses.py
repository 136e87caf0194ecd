"""A page without a mouse, without our colours and without sight: what `looking.py` cannot see by axe's rules.

Forced colours take every background away; Tab must come to everything that can be used and show where it is; and what
is read out later must not stand above what was read out before.
"""

from __future__ import annotations

from playwright.sync_api import Page

USABLE = r"""
const seen = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0;
const usable = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
  .filter((one) => seen(one) && !one.disabled && one.tabIndex >= 0);
// A complaint goes while somebody writes: what complains is the same thing before and after.
const calm = (one) => one.outerHTML.replace(/ aria-invalid="\w+"/, '').slice(0, 120);
const named = (one) => one.type === 'radio' ? `the choices of ${one.name}` : calm(one);
"""
# What can be pressed or filled in keeps an edge or a line when all backgrounds are gone; links have a forced colour.
WITHOUT_AN_EDGE = f"""() => {{ {USABLE}
return usable.filter((one) => {{
  const own = getComputedStyle(one);
  const native = one.type === 'file' || (one.matches('[type=radio], [type=checkbox]') && own.appearance !== 'none');
  const edge = own.borderTopStyle !== 'none' && parseFloat(own.borderTopWidth) >= 1;
  const underlined = /underline/.test(own.textDecorationLine);
  return !native && !edge && !underlined && !one.matches('summary, a:not(.button)');
}}).map(named); }}"""
ALL_STOPS = f"() => {{ {USABLE} return [...new Set(usable.map(named))]; }}"
THIS_STOP = f"""() => {{ {USABLE}
const one = document.activeElement;
const shown = [one, one.closest('label')].some((part) => {{
  const style = part && getComputedStyle(part);
  return style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
}});
const box = one.getBoundingClientRect();
const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, innerHeight) / 2);
const free = !top || one.contains(top) || top.contains(one) || top.closest('label')?.contains(one);
return one === document.body ? null : [named(one), shown, free]; }}"""
# Two that stand beside each other may be read in either order; one that stands wholly above an earlier one may not.
READ_TOO_LATE = f"""() => {{ {USABLE}
const fixed = (one) => one && (/fixed|sticky/.test(getComputedStyle(one).position) || fixed(one.parentElement));
const kinds = 'h1, h2, h3, legend, label, p, button, a[href], textarea, select, input, summary';
const said = [...document.querySelectorAll(kinds)]
  .filter((one) => seen(one) && !one.closest('[aria-hidden=true], .unseen') && !fixed(one))
  .filter((one) => one.textContent.trim() + (one.value ?? ''));
const late = [];
for (let at = 1; at < said.length; at++) {{
  const [before, after] = [said[at - 1], said[at]];
  const above = after.getBoundingClientRect().bottom <= before.getBoundingClientRect().top + 1;
  if (above) late.push(`${{named(after)}} after ${{named(before)}}`);
}}
return late; }}"""
MOST_STOPS = 120


def wrongs_without_sight(page: Page) -> list[str]:
    """Everything that is wrong with the page for whoever has no mouse, other colours, or a voice that reads it out."""
    return [*_in_forced_colours(page), *_by_keyboard(page), *_read_aloud(page)]


def _in_forced_colours(page: Page) -> list[str]:
    page.emulate_media(forced_colors="active")
    wrongs = [f"forced colours, no edge: {what}" for what in page.evaluate(WITHOUT_AN_EDGE)]
    page.emulate_media(forced_colors="none")
    return wrongs


def _by_keyboard(page: Page) -> list[str]:
    """Press Tab until everything was reached; a second round is enough, wherever the first began."""
    missing = dict.fromkeys(page.evaluate(ALL_STOPS))
    wrongs = []
    for _ in range(MOST_STOPS):
        if not missing:
            break
        page.keyboard.press("Tab")
        stop = page.evaluate(THIS_STOP)
        if stop and stop[0] in missing:
            del missing[stop[0]]
            wrongs += [] if stop[1] else [f"keyboard, no outline: {stop[0]}"]
            wrongs += [] if stop[2] else [f"keyboard, hidden behind something: {stop[0]}"]
    return wrongs + [f"keyboard, not reached: {what}" for what in missing]


def _read_aloud(page: Page) -> list[str]:
    return [f"read too late: {what}" for what in page.evaluate(READ_TOO_LATE)]
