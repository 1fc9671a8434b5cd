import { describe, expect, it } from 'vitest';
import { wav } from '../src/field/voice';

describe('a voice note', () => {
  it('is a plain WAV file that says its own length', async () => {
    const bytes = new DataView(await wav(new Float32Array([0, 1, -1, 2, 0.5]), 16_000).arrayBuffer());
    const word = (at: number, n = 4) => String.fromCharCode(...new Uint8Array(bytes.buffer, at, n));
    expect([word(0), word(8, 8), word(36)]).toEqual(['RIFF', 'WAVEfmt ', 'data']);
    expect([bytes.getUint32(4, true), bytes.byteLength]).toEqual([46, 54]);
    expect([bytes.getUint16(22, true), bytes.getUint32(24, true), bytes.getUint32(28, true), bytes.getUint16(34, true)]).toEqual([1, 16_000, 32_000, 16]);
    expect([0, 1, 2, 3, 4].map((n) => bytes.getInt16(44 + n * 2, true))).toEqual([0, 0x7fff, -0x7fff, 0x7fff, 16384]);
  });
});
