// SPDX-License-Identifier: AGPL-3.0-or-later
import { expect, it } from "vitest";

import { SHAPES, cropOf, deepest, kept, moved, whole } from "@/features/profile/model/crop";
import type { Size } from "@/lib/pictures";

const { avatar, banner } = SHAPES;
const SIZES: readonly Size[] = [
  { width: 512, height: 512 },
  { width: 4000, height: 3000 },
  { width: 3000, height: 4001 },
  { width: 1537, height: 513 },
  { width: 513, height: 9000 },
];

it("begins with as much as the shape allows", () => {
  expect(cropOf(whole({ width: 4000, height: 3000 }), { width: 4000, height: 3000 }, avatar)).toEqual({
    x: 500, y: 0, width: 3000, height: 3000,
  });
  expect(cropOf(whole({ width: 3000, height: 4001 }), { width: 3000, height: 4001 }, banner)).toEqual({
    x: 0, y: 1501, width: 3000, height: 1000,
  });
});

it("stays inside and in shape, wherever one drags", () => {
  for (const size of SIZES) {
    for (const shape of [avatar, banner]) {
      let view = whole(size);
      for (let step = 0; step < 40; step += 1) {
        view = moved(view, size, shape, { x: Math.sin(step * 7) * 2, y: Math.cos(step * 3) * 2, zoom: step % 3 ? 1.3 : 0.5 });
        const crop = cropOf(view, size, shape);
        expect(crop.width).toBe(crop.height * shape.ratio);
        expect(crop.x).toBeGreaterThanOrEqual(0);
        expect(crop.y).toBeGreaterThanOrEqual(0);
        expect(crop.x + crop.width).toBeLessThanOrEqual(size.width);
        expect(crop.y + crop.height).toBeLessThanOrEqual(size.height);
        expect(Object.values(crop).every(Number.isInteger)).toBe(true);
      }
    }
  }
});

it("goes in no further than there are pixels for", () => {
  const size = { width: 1024, height: 2048 };
  expect(deepest(size, avatar)).toBe(4);
  const view = kept({ x: 0, y: 0, zoom: 99 }, size, avatar);
  expect(cropOf(view, size, avatar)).toEqual({ x: 0, y: 0, width: 256, height: 256 });
  expect(deepest({ width: 100, height: 100 }, avatar)).toBe(1);
});
