import { describe, expect, it } from 'vitest';
import { offered, opening, over, slots, standing, type Act, type Procedure } from '../src/field/procedures';
import type { LocalMatter, QueuedCommand } from '../src/field/store';

const w = (text: string) => ({ zh: text, en: text });
const act = (code: string, over: Partial<Act> = {}): Act => ({ code, title: w(code), opens: '', moves: {}, form: [], evidence: [], law: null, ...over });
const rule = (over: object) => ({ code: 'first', title: w('first'), at_least: 1, panoramas: 0, legible_plate: false, located: true, apart: 0, ...over });

const PARKING: Procedure = {
  code: 'streets.parking',
  title: w('parking'),
  states: {
    noticed: { title: w('noticed'), final: false }, reminded: { title: w('reminded'), final: false }, overdue: { title: w('overdue'), final: false },
    left: { title: w('left'), final: true }, dropped: { title: w('dropped'), final: true }, in_review: { title: w('in_review'), final: false },
  },
  acts: [
    act('record', { opens: 'noticed', evidence: [rule({ panoramas: 1, legible_plate: true })] }),
    act('gone', { moves: { noticed: 'left', reminded: 'left', overdue: 'dropped' } }),
    act('still_there', { moves: { overdue: 'in_review' }, evidence: [rule({ code: 'second', legible_plate: true })] }),
    act('affix', { moves: { in_review: 'in_review' } }),
  ],
  clocks: [{ key: 'grace', title: w('grace'), during: ['reminded'], lapses_to: 'overdue' }],
};
const at = (clock: string) => Date.parse(`2026-03-02T${clock}+08:00`);
const iso = (clock: string) => new Date(at(clock)).toISOString();
const matter: LocalMatter = {
  key: 'a', account: 'li', procedure: PARKING.code, id: '7', title: '鲁P12345', where: '柳园路', state: 'reminded', closed: false, papers: [], opened_at: iso('09:40:00'),
  clocks: [{ key: 'grace', title: w('grace'), from: iso('09:40:30'), due: iso('09:50:30'), inclusive: true }],
};
const waiting = (code: string, seen: string): QueuedCommand => ({
  key: 'c', order: 2, matter: 'a', account: 'li', procedure: PARKING.code, act: code, observed_at: iso(seen), values: {}, evidence: [], status: 'waiting', attempts: 0, reasons: [], away: false,
});

describe('where a matter stands on a phone without network', () => {
  it('is reminded until the last instant of the ten minutes, and overdue after it', () => {
    expect(standing(PARKING, matter, [], at('09:50:30')).state).toBe('reminded');
    expect(standing(PARKING, matter, [], at('09:50:30') + 1).state).toBe('overdue');
    expect(over({ due: iso('09:50:30'), inclusive: false }, at('09:50:30'))).toBe(true);
  });

  it('offers “still there” only once the time is over, and “gone” always', () => {
    const acts = (clock: string) => offered(PARKING, standing(PARKING, matter, [], at(clock)).state).map((a) => a.code);
    expect(acts('09:45:00')).toEqual(['gone']);
    expect(acts('10:00:00')).toEqual(['gone', 'still_there']);
    expect(offered(PARKING, 'in_review').map((a) => a.code)).toEqual(['affix']);
  });

  it('counts what was seen at 09:50 as left in time, however late it is told', () => {
    const told = standing(PARKING, matter, [waiting('gone', '09:50:00')], at('12:00:00'));
    expect([told.state, told.closed, told.waiting]).toEqual(['left', true, 1]);
    expect(standing(PARKING, matter, [waiting('gone', '09:51:00')], at('12:00:00')).state).toBe('dropped');
  });

  it('shows the clock that ends first, and none on a closed matter', () => {
    expect(standing(PARKING, matter, [], at('09:45:00')).clock?.key).toBe('grace');
    expect(standing(PARKING, matter, [waiting('gone', '09:50:00')], at('09:50:01')).clock).toBeUndefined();
  });

  it('works for a procedure this phone no longer knows', () => {
    expect(standing(undefined, matter, [], at('09:45:00')).state).toBe('reminded');
    expect(offered(undefined, 'reminded')).toEqual([]);
  });
});

describe('what the camera asks for', () => {
  it('is the surroundings, then the plate', () => {
    const [record, , still] = PARKING.acts;
    expect(slots(record!).map((s) => [s.panorama, s.plate])).toEqual([[true, false], [false, true]]);
    expect(slots(still!).map((s) => s.plate)).toEqual([true]);
    expect(slots(act('x', { evidence: [rule({ at_least: 3 })] }))).toHaveLength(3);
  });
  it('begins with the acts that open a matter', () => {
    expect(opening([PARKING]).map((o) => o.act.code)).toEqual(['record']);
  });
});

describe('what is offered', () => {
  it('has what leads on before what turns something down', () => {
    const why = { name: 'reason', kind: 'lines', title: w('why'), required: true, choices: [] };
    const told: Procedure = { ...PARKING, acts: [act('drop', { moves: { noticed: 'dropped' }, form: [why] }), act('hear', { moves: { noticed: 'reminded' } }), act('take', { moves: { noticed: 'noticed' } })] };
    expect(offered(told, 'noticed').map((a) => a.code)).toEqual(['hear', 'take', 'drop']);
  });
});
