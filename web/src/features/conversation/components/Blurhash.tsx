// SPDX-License-Identifier: AGPL-3.0-or-later
// The blurred colours of a picture, drawn until it is there (the BlurHash format).
import { useEffect, useRef } from "react";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
const SIDE = 32;

const number = (text: string): number =>
  [...text].reduce((sum, digit) => sum * 83 + Math.max(0, DIGITS.indexOf(digit)), 0);
const linear = (value: number): number => {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
};
const display = (value: number): number => {
  const part = Math.min(1, Math.max(0, value));
  return Math.round(255 * (part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055));
};

/** The pixels (RGBA, `side` by `side`); null for a text that is no BlurHash. */
export function blurred(hash: string, side: number): Uint8ClampedArray<ArrayBuffer> | null {
  const size = number(hash.slice(0, 1));
  const across = (size % 9) + 1;
  const down = Math.floor(size / 9) + 1;
  if (hash.length !== 4 + 2 * across * down) return null;
  const most = (number(hash.slice(1, 2)) + 1) / 166;
  const waves = Array.from({ length: across * down }, (_, at) => {
    if (at === 0) {
      const mean = number(hash.slice(2, 6));
      return [mean >> 16, (mean >> 8) & 255, mean & 255].map(linear);
    }
    const value = number(hash.slice(4 + at * 2, 6 + at * 2));
    return [Math.floor(value / 361), Math.floor(value / 19) % 19, value % 19].map((part) => {
      const even = (part - 9) / 9;
      return Math.sign(even) * even * even * most;
    });
  });
  const pixels = new Uint8ClampedArray(side * side * 4);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const colour = [0, 0, 0];
      for (const [at, wave] of waves.entries()) {
        const bend = Math.cos((Math.PI * x * (at % across)) / side) * Math.cos((Math.PI * y * Math.floor(at / across)) / side);
        for (const part of [0, 1, 2]) colour[part] = (colour[part] ?? 0) + (wave[part] ?? 0) * bend;
      }
      pixels.set([...colour.map(display), 255], (y * side + x) * 4);
    }
  }
  return pixels;
}

/** The blur, filling what it lies in. */
export function Blurhash({ hash }: { hash: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const pixels = blurred(hash, SIDE);
    if (pixels) canvas.current?.getContext("2d")?.putImageData(new ImageData(pixels, SIDE, SIDE), 0, 0);
  }, [hash]);
  return <canvas ref={canvas} aria-hidden="true" width={SIDE} height={SIDE} className="absolute inset-0 size-full" />;
}
