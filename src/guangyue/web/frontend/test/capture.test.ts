import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sha256, take } from '../src/field/capture';
import { segment, stamp } from '../src/field/exif';

const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xdb, 0, 4, 1, 2, 0xff, 0xd9);
const AT = new Date('2026-03-02T01:50:00.250Z');
const FIX = { lon: 115.985430, lat: 36.456780, accuracy_m: 8 };

describe('a photograph', () => {
  it('is hashed as it is stored, time and place inside', async () => {
    const shot = await take(new Blob([JPEG], { type: 'image/jpeg' }), { set: 'first', panorama: true, plate_legible: false }, AT, FIX);
    const bytes = Buffer.from(await shot.photo.blob.arrayBuffer());
    expect(shot.piece.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(bytes.includes('2026:03:02 09:50:00')).toBe(true);
    expect(bytes.includes('+08:00')).toBe(true);
    expect(shot.piece).toMatchObject({ taken_at: '2026-03-02T01:50:00.250Z', located: true, lon: 115.98543, lat: 36.45678 });
  });
  it('of the phone’s own camera stays as it is, byte for byte', async () => {
    const shot = await take(new Blob([JPEG]), { set: 'first', panorama: false, plate_legible: true }, AT, undefined, false);
    expect(new Uint8Array(await shot.photo.blob.arrayBuffer())).toEqual(JPEG);
    expect(shot.piece.located).toBe(false);
  });
  it('that is no JPEG is left alone', async () => {
    expect(await sha256(await stamp(new Blob(['PNG']), AT, FIX))).toBe(await sha256(new Blob(['PNG'])));
  });
  it('keeps its segment within what a JPEG can hold, and names its own length', () => {
    const bytes = segment(AT, FIX);
    expect((bytes[2]! << 8) + bytes[3]!).toBe(bytes.length - 2);
  });
});
