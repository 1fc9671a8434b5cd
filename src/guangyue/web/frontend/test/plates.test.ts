import { describe, expect, it } from 'vitest';
import { plausible, read, spaced, squeeze } from '../src/field/plates';
import { PROVINCES } from '../src/field/plates';

describe('a plate', () => {
  it.each(['鲁P12345', '鲁P·8K6Q2', '鲁pd12345', '鲁P1234挂', '鲁P1234警', '京A12345D', '粤Z1234港'])('%s can exist', (plate) => {
    expect(plausible(plate)).toBe(true);
  });
  it.each(['', '鲁P1234', '鲁PABC12', '鲁P12I45', '鲁I12345', 'X P12345', '鲁P1234567'])('%s cannot', (plate) => {
    expect(plausible(plate)).toBe(false);
  });
  it('is compared without dots and written with one', () => {
    expect(squeeze('鲁p·12 345')).toBe('鲁P12345');
    expect(spaced('鲁P12345')).toBe('鲁P·12345');
    expect(new Set(PROVINCES).size).toBe(31);
  });
});

describe('a reading', () => {
  const reply = (status: number, body: unknown) => (async () => new Response(JSON.stringify(body), { status })) as typeof fetch;
  it('is a suggestion, a word about what is missing, or nothing', async () => {
    expect(await read(new Blob(['x']), 't', reply(200, { plates: [{ plate: '鲁P12345', score: 0.98 }] }))).toEqual({ plates: [{ plate: '鲁P12345', score: 0.98 }] });
    expect(await read(new Blob(['x']), 't', reply(501, { title: '未安装' }))).toEqual({ missing: '未安装' });
    expect(await read(new Blob(['x']), 't', reply(500, {}))).toBeUndefined();
    expect(await read(new Blob(['x']), 't', (async () => { throw new TypeError('offline'); }) as typeof fetch)).toBeUndefined();
  });
});
