// Writes time and place into a JPEG drawn from the viewfinder (EXIF 2.32, CIPA DC-008): the file then says itself what
// the command says of it. Only what is needed: original time with its offset, and the GPS position in WGS-84.

import type { Position } from './store';

const ASCII = 2;
const LONG = 4;
const RATIONAL = 5;

interface Entry {
  tag: number;
  type: number;
  count: number;
  bytes: Uint8Array;
}

const two = (n: number) => String(n).padStart(2, '0');

function ascii(tag: number, text: string): Entry {
  const bytes = new TextEncoder().encode(`${text}\0`);
  return { tag, type: ASCII, count: bytes.length, bytes };
}

function long(tag: number, value: number): Entry {
  return { tag, type: LONG, count: 1, bytes: words(value) };
}

function rationals(tag: number, pairs: [number, number][]): Entry {
  return { tag, type: RATIONAL, count: pairs.length, bytes: words(...pairs.flat()) };
}

function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((v, i) => view.setUint32(4 * i, v));
  return bytes;
}

/** A directory of entries that starts at `at` in the TIFF block; values longer than four bytes follow it. */
function directory(entries: Entry[], at: number): Uint8Array {
  const sorted = [...entries].sort((a, b) => a.tag - b.tag);
  const head = 2 + 12 * sorted.length + 4;
  const tail: Uint8Array[] = [];
  const table = new DataView(new ArrayBuffer(head));
  table.setUint16(0, sorted.length);
  let next = at + head;
  sorted.forEach((entry, i) => {
    const row = 2 + 12 * i;
    table.setUint16(row, entry.tag);
    table.setUint16(row + 2, entry.type);
    table.setUint32(row + 4, entry.count);
    if (entry.bytes.length <= 4) {
      new Uint8Array(table.buffer).set(entry.bytes, row + 8);
    } else {
      table.setUint32(row + 8, next);
      const even = new Uint8Array(entry.bytes.length + (entry.bytes.length % 2));
      even.set(entry.bytes);
      tail.push(even);
      next += even.length;
    }
  });
  return join([new Uint8Array(table.buffer), ...tail]);
}

function join(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function degrees(value: number): [number, number][] {
  const whole = Math.abs(value);
  const d = Math.floor(whole);
  const m = Math.floor((whole - d) * 60);
  const s = (whole - d - m / 60) * 3600;
  return [[d, 1], [m, 1], [Math.round(Math.max(s, 0) * 10_000), 10_000]];
}

/** The APP1 segment for a moment and a place. Local time is China's, with its offset written beside it. */
export function segment(at: Date, fix?: Position): Uint8Array<ArrayBuffer> {
  const city = new Date(at.getTime() + 8 * 3_600_000);
  const day = `${city.getUTCFullYear()}:${two(city.getUTCMonth() + 1)}:${two(city.getUTCDate())}`;
  const text = `${day} ${two(city.getUTCHours())}:${two(city.getUTCMinutes())}:${two(city.getUTCSeconds())}`;
  const details = [ascii(0x9003, text), ascii(0x9011, '+08:00'), ascii(0x9291, String(at.getUTCMilliseconds()).padStart(3, '0'))];
  const place = fix && [
    ascii(1, fix.lat < 0 ? 'S' : 'N'), rationals(2, degrees(fix.lat)), ascii(3, fix.lon < 0 ? 'W' : 'E'), rationals(4, degrees(fix.lon)),
    ascii(0x12, 'WGS-84'), rationals(0x1f, [[Math.round(fix.accuracy_m * 10), 10]]),
  ];
  const start = 8;
  const size = (entries: Entry[]) => directory(entries, 0).length;
  const root = [ascii(0x0132, text), long(0x8769, 0), ...(place ? [long(0x8825, 0)] : [])];
  const detailsAt = start + size(root);
  const placeAt = detailsAt + size(details);
  const pointed = [ascii(0x0132, text), long(0x8769, detailsAt), ...(place ? [long(0x8825, placeAt)] : [])];
  const tiff = join([
    Uint8Array.of(0x4d, 0x4d, 0, 42), words(start), directory(pointed, start), directory(details, detailsAt),
    ...(place ? [directory(place, placeAt)] : []),
  ]);
  const name = Uint8Array.of(0x45, 0x78, 0x69, 0x66, 0, 0);
  const length = 2 + name.length + tiff.length;
  return join([Uint8Array.of(0xff, 0xe1, length >> 8, length & 0xff), name, tiff]);
}

/** The same picture with time and place in it; anything that is no JPEG comes back as it is. */
export async function stamp(picture: Blob, at: Date, fix?: Position): Promise<Blob> {
  const bytes = new Uint8Array(await picture.arrayBuffer());
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return picture;
  return new Blob([join([bytes.subarray(0, 2), segment(at, fix), bytes.subarray(2)])], { type: 'image/jpeg' });
}
