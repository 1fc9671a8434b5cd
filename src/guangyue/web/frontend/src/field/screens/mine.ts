// My open matters, the one whose clock ends first on top; the camera at the thumb.

import { tone, words } from '../../base/clock';
import type { App } from '../app';
import { clockChip, h, icon } from '../dom';
import { spaced, plausible } from '../plates';
import { offered, opening, standing, type Standing } from '../procedures';
import type { LocalMatter, QueuedCommand, RunningClock } from '../store';
import { isChinese, say, t } from '../words';
import type { Screen } from './frame';

/** So many ways to begin fit under one thumb. */
const FEW = 2;
export const LAST = 'guangyue.last';

export function chip(clock: RunningClock, now: number): HTMLElement {
  const left = Date.parse(clock.due) - now;
  const whole = Math.max(Date.parse(clock.due) - Date.parse(clock.from), 1);
  const share = Math.max(0, Math.min(100, Math.round((left / whole) * 100)));
  return clockChip({ title: say(clock.title), from: clock.from, due: clock.due }, words(left, isChinese()) || (clock.left ? say(clock.left) : ''), share, tone(left, whole));
}

export function naming(title: string): string {
  return plausible(title) ? spaced(title) : title;
}

export function stateLine(app: App, matter: LocalMatter, at: Standing): HTMLElement {
  const title = app.procedure(matter.procedure)?.states[at.state]?.title;
  const ranOut = app.procedure(matter.procedure)?.clocks.some((c) => c.lapses_to === at.state) ?? false;
  const kind = at.closed ? 'closed' : ranOut ? 'lapsed' : at.waiting || !matter.id ? 'elsewhere' : '';
  return h('span', { class: `state ${kind}` }, say(title) || t('not_sent'));
}

function row(app: App, matter: LocalMatter, at: Standing): HTMLElement {
  return h(
    'li',
    {},
    h(
      'a',
      { class: 'card', href: `#/m/${encodeURIComponent(matter.key)}` },
      h('span', { class: 'name plate' }, naming(matter.title)),
      at.clock ? chip(at.clock, app.now()) : null,
      h('span', { class: 'where' }, matter.where),
      stateLine(app, matter, at),
      at.waiting || !matter.id ? h('span', { class: 'tag' }, t('not_sent')) : null,
    ),
  );
}

/** What waits for this officer comes first: without a clock it is overdue, else by its clock; then what waits for others. */
function urgency(app: App, matter: LocalMatter, at: Standing): number {
  const mine = offered(app.procedure(matter.procedure), at.state).some((act) => act.moves[at.state] !== at.state);
  const due = at.clock ? Date.parse(at.clock.due) : 0;
  return mine ? due : (due || Number.MAX_SAFE_INTEGER / 4) * 2;
}

export async function mine(app: App): Promise<Screen> {
  const commands: QueuedCommand[] = await app.store.getAll('commands');
  const refused = new Set(commands.filter((c) => c.status === 'refused' && c.key === c.matter).map((c) => c.key));
  const standings = (await app.matters())
    .filter((m) => !refused.has(m.key))
    .map((matter) => ({ matter, at: standing(app.procedure(matter.procedure), matter, commands, app.now()) }));
  const open = standings.filter((s) => !s.at.closed).sort((a, b) => urgency(app, a.matter, a.at) - urgency(app, b.matter, b.at) || b.matter.opened_at.localeCompare(a.matter.opened_at));
  const today = new Date(app.now() - 86_400_000).toISOString();
  const closed = standings.filter((s) => s.at.closed && s.matter.opened_at > today).sort((a, b) => b.matter.opened_at.localeCompare(a.matter.opened_at));
  const body = h('div', { class: 'stack' });
  if (!app.bundle) {
    body.append(h('div', { class: 'empty' }, icon('tower'), h('p', {}, t('sign_in_first')), h('a', { class: 'button primary wide', href: '/account/login/?next=/field/' }, t('to_sign_in'))));
    return { title: t('app'), body, tab: 'mine' };
  }
  if (!app.online) body.append(h('p', { class: 'note low' }, t('offline_note')));
  const starts = opening(app.procedures);
  if (open.length) body.append(h('ul', { class: 'cards' }, ...open.map((s) => row(app, s.matter, s.at))));
  else body.append(h('div', { class: 'empty' }, icon('tower'), h('p', {}, t('nothing')), h('p', {}, starts.length ? t('nothing_more') : t('no_acts'))));
  if (closed.length) body.append(h('details', { class: 'closed' }, h('summary', {}, `${t('done_today')} · ${closed.length}`), h('ul', { class: 'cards' }, ...closed.map((s) => row(app, s.matter, s.at)))));
  const foot = h('div', { class: 'thumb' });
  const several = new Set(starts.map((s) => s.procedure.code)).size > 1;
  // The one used last stands at the thumb; the others are one tap away, as large as they can be.
  const last = localStorage.getItem(LAST);
  const first = starts.find((s) => s.procedure.code === last) ?? starts.find((s) => s.procedure.code === app.bundle?.begin) ?? starts[0];
  const shown = starts.length > FEW && first ? [first] : starts;
  shown.forEach(({ procedure, act }, i) => {
    const label = several ? `${say(procedure.title)} · ${say(act.title)}` : say(act.title);
    foot.append(h('a', { class: i ? 'button wide' : 'button primary wide', href: `#/do/${procedure.code}/${act.code}` }, icon('camera'), label));
  });
  if (shown.length < starts.length) foot.append(h('a', { class: 'button wide', href: '#/new' }, t('other_kinds', { n: starts.length - 1 })));
  return { title: t('mine'), body, foot: starts.length ? foot : undefined, tab: 'mine' };
}
