# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page of nothing but what engines draw differently: text, gradients, blur, shadows, edges.

Where its own picture is not that of the baselines, another engine or other fonts draw, and a
difference of any screen would say nothing about Kith.
"""

from pathlib import Path

PATH = "/calibration"
STYLE_PATH = "/calibration.css"
_FONT = "plus-jakarta-sans-latin"
_SIZES = (12, 13, 15, 18, 24, 32)
_TEXT = "Kith: gentle waves & 0123456789 — “Inês” fi ffl @alice"

PAGE = f"""<!doctype html>
<html lang="en"><title>Calibration</title><link rel="stylesheet" href="{STYLE_PATH}">
<h1>Calibration</h1>
{"".join(f'<p class="s{size}">{_TEXT} <b>{_TEXT}</b></p>' for size in _SIZES)}
<p class="mono">for (;;) {{ code(); }} 👍🌱🎉❤️</p>
<div class="row"><i class="line"></i><i class="round"></i><i class="shade"></i>
<i class="glass"></i>
<svg viewBox="0 0 24 24" width="96" height="96" fill="none" stroke="#67e8f9" stroke-width="2"
stroke-linecap="round"><circle cx="12" cy="12" r="9"/><path d="M3 3l18 18M5 14q7-12 14 0"/></svg>
</div></html>
"""


def style(built: Path) -> str:
    """Its style sheet, with the font of this build of the app.

    Args:
        built: where the app was built to.
    """
    font = next((built / "assets").glob(f"{_FONT}*.woff2")).name
    sizes = "".join(f".s{size} {{ font-size: {size}px; }}\n" for size in _SIZES)
    return f"""
@font-face {{ font-family: "Own"; font-weight: 200 800; src: url("/assets/{font}"); }}
body {{ margin: 0; padding: 16px; color: #eaf0fa; font: 15px/1.5 "Own", sans-serif;
  background: radial-gradient(40rem 30rem at 4% -8%, rgb(6 182 212 / 0.4), transparent 70%),
    radial-gradient(40rem 30rem at 90% 90%, rgb(219 39 119 / 0.4), transparent 70%), #020617; }}
{sizes}
.mono {{ font-family: ui-monospace, monospace; }}
.row {{ display: flex; gap: 24px; }}
i {{ display: block; width: 160px; height: 96px; }}
.line {{ background: linear-gradient(100deg, #67e8f9, #06b6d4, #db2777); }}
.round {{ border: 1px solid rgb(148 163 184 / 0.5); border-radius: 16px 4px 999px 12px; }}
.shade {{ box-shadow: 0 24px 60px -28px #fff, inset 0 1px 0 #fff; border-radius: 12px; }}
.glass {{ margin-left: -90px; background: rgb(13 21 41 / 0.3);
  backdrop-filter: blur(16px) saturate(1.25); }}
"""
