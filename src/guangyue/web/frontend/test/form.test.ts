import { describe, expect, it } from 'vitest';
import { written } from '../src/field/screens/form';

describe('a kept draft shows what was typed', () => {
  it('money in yuan, though fen are kept', () => {
    expect(written('money', 15000)).toBe('150');
    expect(written('money', 15050)).toBe('150.5');
  });

  it('a moment in the time of the city', () => {
    expect(written('moment', '2026-11-23T01:30:00.000Z')).toBe('2026-11-23T09:30');
    expect(written('moment', '2026-11-22T17:00:00.000Z')).toBe('2026-11-23T01:00');
  });

  it('nothing as nothing', () => {
    expect(written('money', undefined)).toBe('');
    expect(written('text', '柳园路')).toBe('柳园路');
  });
});
