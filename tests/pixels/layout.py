# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is where, and in which colours: compared in place of pixels where another engine draws."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ALLOWED = 0.005
"""The part of the window that things may fill which are not where, or as, they were."""
_NEAR = 2
"""Pixels by which another engine may set text differently."""

# What can be seen of each thing that has text, a surface or an edge of its own. Colours go
# through a canvas, for engines write the same colour in different words.
SEEN = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const colour = (text) => {
    if (!known.has(text)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = text;
      canvas.fillRect(0, 0, 1, 1);
      known.set(text, [...canvas.getImageData(0, 0, 1, 1).data].map((it) => it >> 3).join("."));
    }
    return known.get(text);
  };
  const found = [];
  for (const it of document.body.querySelectorAll("*")) {
    const box = it.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    if (box.bottom <= 0 || box.top >= innerHeight) continue;
    if (box.right <= 0 || box.left >= innerWidth) continue;
    const text = [...it.childNodes].filter((node) => node.nodeType === 3)
      .map((node) => node.data.trim()).join(" ").trim();
    const style = getComputedStyle(it);
    if (!it.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const ground = colour(style.backgroundColor);
    const edge = style.borderTopWidth === "0px" ? "" : colour(style.borderTopColor);
    const drawn = /^(IMG|svg|CANVAS|INPUT|TEXTAREA|SELECT)$/.test(it.tagName);
    const shade = style.backgroundImage !== "none" || style.boxShadow !== "none";
    if (!text && !drawn && !shade && !edge && ground === "0.0.0.0") continue;
    const sides = [box.left, box.top, box.width, box.height].map(Math.round);
    const font = text ? `${style.fontSize} ${style.fontWeight}` : "";
    found.push([...sides,
      [it.tagName, colour(style.color), ground, edge, shade, font, text.slice(0, 60)].join("|")]);
  }
  return found;
}"""
Thing = Sequence[Any]


def changed(expected: Sequence[Thing], actual: Sequence[Thing], size: tuple[int, int]) -> float:
    """Which part of a window is filled by things that only one of two layouts has."""
    left = list(actual)
    alone: list[Thing] = []
    for thing in expected:
        same = next((one for one in left if _same(thing, one)), None)
        if same is None:
            alone.append(thing)
        else:
            left.remove(same)
    area = sum(min(one[2], size[0]) * min(one[3], size[1]) for one in [*alone, *left])
    return area / (size[0] * size[1])


def _same(one: Thing, other: Thing) -> bool:
    near = all(abs(one[side] - other[side]) <= _NEAR for side in range(4))
    return near and one[4] == other[4]


def save(things: dict[str, Sequence[Thing]], path: Path) -> None:
    """Keep layouts by theme."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(things, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def load(path: Path) -> dict[str, Sequence[Thing]]:
    """Layouts by theme.

    Raises:
        FileNotFoundError: none were kept.
    """
    kept: dict[str, Sequence[Thing]] = json.loads(gzip.decompress(path.read_bytes()))
    return kept
