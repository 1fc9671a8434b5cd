// A photograph becomes evidence at the moment it is taken: its digest, its time and its place are fixed here.

import { stamp } from './exif';
import type { Photo, Piece, Position } from './store';

const HEX = 16;

export async function sha256(blob: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  return Array.from(new Uint8Array(digest), (b) => b.toString(HEX).padStart(2, '0')).join('');
}

/** Where the phone is, in degrees WGS-84; nothing when it cannot tell within a few seconds. */
export function locate(timeout = 8000): Promise<Position | undefined> {
  if (!('geolocation' in navigator)) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lon: micro(coords.longitude), lat: micro(coords.latitude), accuracy_m: Math.round(coords.accuracy) }),
      () => resolve(undefined),
      { enableHighAccuracy: true, maximumAge: 15_000, timeout },
    );
  });
}

const micro = (degrees: number) => Math.round(degrees * 1e6) / 1e6;

export interface Shot {
  photo: Photo;
  piece: Piece;
}

export interface Marks {
  set: string;
  panorama: boolean;
  plate_legible: boolean;
}

/**
 * Evidence from a picture. One drawn from the viewfinder gets time and place written into its file before it is hashed;
 * a file of the phone's own camera is kept byte for byte.
 */
export async function take(picture: Blob, marks: Marks, at: Date, fix?: Position, drawn = true): Promise<Shot> {
  const blob = drawn ? await stamp(picture, at, fix) : picture;
  const digest = await sha256(blob);
  const taken_at = at.toISOString();
  const where = fix ? { lon: fix.lon, lat: fix.lat } : {};
  const piece: Piece = { ...marks, sha256: digest, taken_at, located: fix !== undefined, ...where };
  return { photo: { sha256: digest, blob, taken_at, uploaded: false }, piece };
}
