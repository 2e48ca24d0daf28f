# SPDX-License-Identifier: AGPL-3.0-or-later
"""How well text can be told from what is really behind it: gradients, glass, pictures.

Tools that read styles give up where a gradient or a blur begins. Here the page is photographed
with its text made invisible, and each text's colour is compared with the pixels it stood on.
"""

import io
import re
from dataclasses import dataclass
from typing import Any

from PIL import Image
from playwright.sync_api import Page

_NORMAL, _LARGE = 4.5, 3.0
_STRAY = 0.02
"""Part of the pixels that may be a border or a corner, not ground."""

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Weak:
    """A text that cannot be read well."""

    text: str
    ratio: float
    colour: Colour
    ground: Colour

    def __str__(self) -> str:
        """For the message of a failing test."""
        return f"{self.ratio:.2f}:1 {self.text!r} {self.colour} on {self.ground}"


def weak_texts(page: Page) -> list[Weak]:
    """Every text in the window whose contrast is too low (WCAG 1.4.3)."""
    texts = page.evaluate(_TEXTS)
    assert texts, "no text was found on the page"
    page.evaluate(_HIDE)
    ground = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    page.evaluate("() => { document.adoptedStyleSheets = []; }")
    found = [_judged(ground, one) for one in texts]
    return [one for one in found if one]


def _judged(ground: Image.Image, text: dict[str, Any]) -> Weak | None:
    least = _LARGE if text["size"] >= 24 or (text["bold"] and text["size"] >= 18.66) else _NORMAL
    left, top, right, bottom = text["box"]
    part = ground.crop((round(left), round(top), round(right), round(bottom)))
    pixels = part.width * part.height
    if not pixels:
        return None
    seen: list[tuple[float, int, Colour, Colour]] = []
    for count, pixel in part.getcolors(pixels) or []:
        behind = _rgb(pixel)
        for *rgb, alpha in text["colours"]:
            over = _rgb(
                [alpha * one + (1 - alpha) * other for one, other in zip(rgb, behind, strict=True)]
            )
            seen.append((_contrast(over, behind), count, over, behind))
    strays = _STRAY * pixels
    for ratio, count, colour, behind in sorted(seen):
        strays -= count
        if strays < 0:
            # Rounding of colours to whole numbers is nobody's fault.
            return Weak(text["text"], ratio, colour, behind) if ratio < least - 0.02 else None
    return None


def _rgb(values: Any) -> Colour:
    red, green, blue = values
    return (red, green, blue)


def _contrast(one: Colour, other: Colour) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (one / 255 for one in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_HIDE = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`*, ::before, ::after, ::placeholder {
    color: transparent !important; -webkit-text-fill-color: transparent !important;
    text-decoration-color: transparent !important; caret-color: transparent !important;
    text-shadow: none !important; transition: none !important; animation: none !important;
  } .glow-text { background: none !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
# Each line of text in the window: its box, its colour (each stop of a gradient that fills it)
# with the opacity of all it is in, its size.
_TEXTS = re.sub(
    r"\n\s*//[^\n]*",
    "",
    r"""() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const parsed = (colour) => {
    if (!known.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
      known.set(colour, [red, green, blue, alpha / 255]);
    }
    return known.get(colour);
  };
  const opacityOf = (it) => {
    let all = 1;
    for (let one = it; one; one = one.parentElement) all *= Number(getComputedStyle(one).opacity);
    return all;
  };
  const coloursOf = (it, style) => {
    const filled = style.backgroundClip === "text" || style.webkitBackgroundClip === "text";
    const stops = filled ? style.backgroundImage.match(/(?:rgba?|oklch|color)\([^)]*\)/g) : null;
    const opacity = opacityOf(it);
    return (stops ?? [style.color]).map(parsed).map(([r, g, b, a]) => [r, g, b, a * opacity]);
  };
  const found = [];
  const take = (it, style, rect, text) => {
    const inset = rect.height * 0.15;
    let [left, top, right, bottom] =
      [rect.left + 1, rect.top + inset, rect.right - 1, rect.bottom - inset];
    for (let one = it; one; one = one.parentElement) {
      if (getComputedStyle(one).overflowX === "visible") continue;
      const edge = one.getBoundingClientRect();
      [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
    }
    const box = [left, top, right, bottom];
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight || right <= left) return;
    const hit = document.elementFromPoint(x, y);
    // Out of its scroller, or under something else.
    if (!hit || !(it.contains(hit) || hit.contains(it))) return;
    // Disabled controls are exempt.
    if (it.closest(":disabled, [aria-disabled=true]")) return;
    const colours = coloursOf(it, style);
    if (colours.every(([, , , alpha]) => alpha === 0)) return;
    found.push({ text: text.trim().slice(0, 60), box, colours, size: parseFloat(style.fontSize),
      bold: Number(style.fontWeight) >= 700 });
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const it = node.parentElement;
    if (!/[\p{L}\p{N}]/u.test(node.data) || it.closest(".sr-only, script, option")) continue;
    const style = getComputedStyle(it);
    if (style.visibility !== "visible" || style.display === "none") continue;
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      if (rect.width > 3) take(it, style, rect, node.data);
    }
  }
  for (const it of document.querySelectorAll("input, textarea")) {
    if (!it.value && !it.placeholder) continue;
    const style = getComputedStyle(it, it.value ? null : "::placeholder");
    const rect = it.getBoundingClientRect();
    const inner = new DOMRect(rect.left + 8, rect.top + 4, rect.width - 16, rect.height - 8);
    if (rect.width > 20) take(it, style, inner, it.value || it.placeholder);
  }
  return found;
}""",
)
