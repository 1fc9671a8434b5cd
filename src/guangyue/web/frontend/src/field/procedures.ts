// What the declaration says, on the phone: which acts are possible now, what each asks, which photographs it needs.
// Nothing here knows of parking; a new line of work appears by being declared.

import type { LocalMatter, QueuedCommand, RunningClock } from './store';

export interface Words {
  zh: string;
  en: string;
}

export interface Question {
  name: string;
  kind: string;
  title: Words;
  required: boolean;
  choices: { code: string; title: Words }[];
}

export interface PhotoRule {
  code: string;
  title: Words;
  at_least: number;
  panoramas: number;
  legible_plate: boolean;
  located: boolean;
  /** Least seconds between the first and the last photograph, earlier sets included. */
  apart: number;
}

export interface Named {
  code: string;
  title: Words;
}

export interface Act {
  code: string;
  title: Words;
  opens: string;
  moves: Record<string, string>;
  form: Question[];
  evidence: PhotoRule[];
  law: Words | null;
  /** What to tick, who may be there, how many officers act together, which recordings it takes; absent in old bundles. */
  checks?: Named[];
  present?: Named[];
  officers?: number;
  colleagues?: boolean;
  recordings?: Named[];
  /** Units to give work to, lists of things, the matter in hand it belongs to. */
  assigns?: { code: string; title: Words; hint: Words; choices: Named[] }[];
  items?: { slot: string; title: Words; form: Question[] }[];
  belongs?: { kind: string; title: Words; to: string[] } | null;
  /** Whether whoever does it is shown earlier records. */
  consults?: boolean;
}

export interface ClockRule {
  key: string;
  title: Words;
  during: string[];
  lapses_to: string;
}

export interface Procedure {
  code: string;
  title: Words;
  states: Record<string, { title: Words; final: boolean }>;
  acts: Act[];
  clocks: ClockRule[];
}

export interface Standing {
  state: string;
  closed: boolean;
  /** The running clock that ends first, if any. */
  clock?: RunningClock;
  /** Commands of this matter that the server has not answered. */
  waiting: number;
}

/** Whether a moment lies past a clock's end. */
export function over(clock: { due: string; inclusive: boolean }, at: number): boolean {
  const due = Date.parse(clock.due);
  return clock.inclusive ? at > due : at >= due;
}

/** Where a matter stands: what the server last said, the clocks that ran out since, and the acts still on the phone. */
export function standing(procedure: Procedure | undefined, matter: LocalMatter, commands: QueuedCommand[], now: number): Standing {
  const open = commands.filter((c) => c.matter === matter.key && (c.status === 'waiting' || c.status === 'sending'));
  let state = matter.state;
  let clocks = matter.clocks;
  for (const command of open.sort((a, b) => a.order - b.order)) {
    const act = procedure?.acts.find((a) => a.code === command.act);
    if (!act || act.opens) continue;
    // At the time it was observed, the clock may still have been running: that is what the server will find, too.
    const then = lapsed(procedure, state, clocks, Date.parse(command.observed_at)).state;
    const next = act.moves[then];
    if (next) {
      state = next;
      clocks = clocks.filter((c) => runs(procedure, c.key, next));
    }
  }
  const last = lapsed(procedure, state, clocks, now);
  const closed = matter.closed || (procedure?.states[last.state]?.final ?? false);
  const running = closed ? [] : last.clocks.slice().sort((a, b) => Date.parse(a.due) - Date.parse(b.due));
  return { state: last.state, closed, waiting: open.length, ...(running[0] ? { clock: running[0] } : {}) };
}

function runs(procedure: Procedure | undefined, key: string, state: string): boolean {
  return procedure?.clocks.find((c) => c.key === key)?.during.includes(state) ?? false;
}

function lapsed(procedure: Procedure | undefined, state: string, clocks: RunningClock[], at: number) {
  for (const clock of clocks) {
    const rule = procedure?.clocks.find((c) => c.key === clock.key);
    if (rule?.lapses_to && rule.during.includes(state) && over(clock, at)) {
      const next = rule.lapses_to;
      return { state: next, clocks: clocks.filter((c) => runs(procedure, c.key, next)) };
    }
  }
  return { state, clocks };
}

/** The acts that a matter in this state offers: what leads on before what turns something down and asks for the reason. */
export function offered(procedure: Procedure | undefined, state: string): Act[] {
  const possible = procedure?.acts.filter((a) => !a.opens && state in a.moves) ?? [];
  const reasoned = (a: Act) => Number(a.form.some((q) => q.name === 'reason'));
  return possible.sort((a, b) => reasoned(a) - reasoned(b));
}

/** The acts that open a matter. */
export function opening(procedures: Procedure[]): { procedure: Procedure; act: Act }[] {
  return procedures.flatMap((procedure) => procedure.acts.filter((a) => a.opens).map((act) => ({ procedure, act })));
}

export interface Slot {
  rule: PhotoRule;
  panorama: boolean;
  plate: boolean;
}

/** The photographs to take, one by one: the surroundings first, then the plate, then what is still missing. */
export function slots(act: Act): Slot[] {
  return act.evidence.flatMap((rule) => {
    const wanted: Slot[] = [];
    for (let i = 0; i < rule.panoramas; i += 1) wanted.push({ rule, panorama: true, plate: false });
    if (rule.legible_plate) wanted.push({ rule, panorama: false, plate: true });
    while (wanted.length < rule.at_least) wanted.push({ rule, panorama: false, plate: false });
    return wanted;
  });
}

/** The name of the plate's question in a form, if it asks for one. */
export function plateQuestion(act: Act): Question | undefined {
  return act.form.find((q) => q.kind === 'plate');
}
