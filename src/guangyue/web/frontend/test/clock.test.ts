import { describe, expect, it } from 'vitest';
import { lead, tone, words } from '../src/base/clock';

const MINUTE = 60_000;

describe('the clock chip', () => {
  it('counts to the second under an hour', () => {
    expect(words(10 * MINUTE, true)).toBe('10:00');
    expect(words(9 * MINUTE + 5_000, false)).toBe('9:05');
  });
  it('counts to the minute under a day, in the reader’s language', () => {
    expect(words(3 * 60 * MINUTE + 5 * MINUTE, true)).toBe('3时05分');
    expect(words(3 * 60 * MINUTE + 5 * MINUTE, false)).toBe('3h 05m');
  });
  it('leaves days to the server, whose words follow the law', () => {
    expect(words(25 * 60 * MINUTE, true)).toBe('');
  });
  it('says by how much a term is exceeded', () => {
    expect(words(-61_000, true)).toBe('超 1:01');
    expect(words(-61_000, false)).toBe('+1:01');
  });
  it('turns amber in the last fifth and in the last minute, red after the end', () => {
    expect(tone(9 * MINUTE, 10 * MINUTE)).toBe('running');
    expect(tone(2 * MINUTE - 1, 10 * MINUTE)).toBe('low');
    expect(tone(59_000, 90_000)).toBe('low');
    expect(tone(-1, 10 * MINUTE)).toBe('lapsed');
  });
  it('goes by the server’s clock', () => {
    expect(lead('2026-01-01T00:00:10Z', Date.parse('2026-01-01T00:00:00Z'))).toBe(10_000);
  });
});
