// SPDX-License-Identifier: AGPL-3.0-or-later
// The part of a picture that is shown: a window of a fixed shape, moved and made smaller. Pure.
import type { Crop, Size } from "@/lib/pictures";

/** Where the window is: its middle in pixels of the picture, and how much is magnified. */
export interface View {
  x: number;
  y: number;
  zoom: number;
}

/** What a picture is for: width through height, and the fewest pixels a crop is wide. */
export const SHAPES = { avatar: { ratio: 1, narrowest: 256 }, banner: { ratio: 3, narrowest: 384 } } as const;
export type Purpose = keyof typeof SHAPES;
export type Shape = (typeof SHAPES)[Purpose];

/** Width of the window at zoom 1: as much of the picture as the shape allows. */
const widest = ({ width, height }: Size, { ratio }: Shape): number => Math.min(width, height * ratio);

/** How far one may go in. */
export const deepest = (picture: Size, shape: Shape): number => Math.max(1, widest(picture, shape) / shape.narrowest);

/** The whole of it, in the middle. */
export const whole = ({ width, height }: Size): View => ({ x: width / 2, y: height / 2, zoom: 1 });

const within = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), Math.max(least, most));

/** The same view, kept inside the picture. */
export function kept(view: View, picture: Size, shape: Shape): View {
  const zoom = within(view.zoom, 1, deepest(picture, shape));
  const width = widest(picture, shape) / zoom;
  const height = width / shape.ratio;
  return {
    zoom,
    x: within(view.x, width / 2, picture.width - width / 2),
    y: within(view.y, height / 2, picture.height - height / 2),
  };
}

/** Moved by parts of the window's width, magnified by a factor. */
export function moved(view: View, picture: Size, shape: Shape, by: { x?: number; y?: number; zoom?: number }): View {
  const width = widest(picture, shape) / view.zoom;
  const next = { x: view.x + (by.x ?? 0) * width, y: view.y + (by.y ?? 0) * width, zoom: view.zoom * (by.zoom ?? 1) };
  return kept(next, picture, shape);
}

/** The crop in whole pixels, exactly of the shape and inside the picture. */
export function cropOf(view: View, picture: Size, shape: Shape): Crop {
  const at = kept(view, picture, shape);
  const height = Math.floor(widest(picture, shape) / at.zoom / shape.ratio);
  const width = height * shape.ratio;
  return {
    x: within(Math.round(at.x - width / 2), 0, picture.width - width),
    y: within(Math.round(at.y - height / 2), 0, picture.height - height),
    width,
    height,
  };
}
