// A photograph becomes evidence at the moment it is taken: its digest, its time and its place are fixed here.

import type { Photo, Piece } from './store';

const HEX = 16;

export async function sha256(blob: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  return Array.from(new Uint8Array(digest), (b) => b.toString(HEX).padStart(2, '0')).join('');
}

export interface Fix {
  position: [number, number];
  accuracy_m: number;
}

/** Where the phone is, in micro-degrees WGS-84; nothing when it cannot tell within a few seconds. */
export function locate(timeout = 8000): Promise<Fix | undefined> {
  if (!('geolocation' in navigator)) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({
          position: [Math.round(coords.longitude * 1e6), Math.round(coords.latitude * 1e6)],
          accuracy_m: Math.round(coords.accuracy),
        }),
      () => resolve(undefined),
      { enableHighAccuracy: true, maximumAge: 15_000, timeout },
    );
  });
}

export interface Shot {
  photo: Photo;
  piece: Piece;
}

/** Evidence from a file the camera gave. */
export async function take(file: Blob, set: string, marks: { panorama: boolean; plate_legible: boolean }, fix?: Fix): Promise<Shot> {
  const digest = await sha256(file);
  const taken = new Date().toISOString();
  const piece: Piece = { set, sha256: digest, taken_at: taken, kind: 'photo', ...marks, ...(fix ?? {}) };
  return { photo: { sha256: digest, blob: file, taken_at: taken, uploaded: false }, piece };
}
