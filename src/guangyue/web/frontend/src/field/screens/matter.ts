// One matter: where it stands, what can be done now, what happened on this phone.

import type { App } from '../app';
import { h } from '../dom';
import { print } from '../printer';
import { offered, standing } from '../procedures';
import type { QueuedCommand } from '../store';
import { isChinese, say, t } from '../words';
import { toast, type Screen } from './frame';
import { chip, naming, stateLine } from './mine';
import { statusTag } from './queue';

/** So many acts fit under one thumb. */
const AT_THUMB = 3;

export function clockTime(iso: string): string {
  return new Date(iso).toLocaleTimeString(isChinese() ? 'zh-CN' : 'en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false, timeZone: 'Asia/Shanghai' });
}

/** The same, with its day where that is another one. */
export function momentOf(iso: string, now: number): string {
  const day = (at: number | string) => new Date(at).toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
  return day(iso) === day(now) ? clockTime(iso) : `${day(iso).slice(5)} ${clockTime(iso).slice(0, 5)}`;
}

/** What a command brought, in words. */
function taken(c: QueuedCommand): string {
  const photos = c.evidence.filter((p) => !p.until).length;
  const spoken = c.evidence.length - photos;
  return (photos ? ` · ${t('photos_n', { n: photos })}` : '') + (spoken ? ` · ${t('spoken_n', { n: spoken })}` : '');
}

export async function matterScreen(app: App, key: string): Promise<Screen> {
  const matter = await app.store.get('matters', key);
  if (!matter) return { title: t('mine'), body: h('p', {}, t('nothing')), back: '#/' };
  const procedure = app.procedure(matter.procedure);
  const commands = (await app.store.getAllFromIndex('commands', 'matter', key)).sort((a, b) => a.order - b.order);
  const at = standing(procedure, matter, commands, app.now());
  const body = h('div', { class: 'stack wide' });
  const now = h('section', { class: 'now-card' }, h('p', { class: 'name plate big' }, naming(matter.title)), h('p', { class: 'where' }, matter.where), stateLine(app, matter, at));
  if (at.clock) {
    const big = chip(at.clock, app.now());
    big.classList.add('huge');
    now.append(h('div', { class: 'clock-line' }, big, h('span', {}, `${say(at.clock.title)} · ${t('ends_at', { t: momentOf(at.clock.due, app.now()) })}`)));
  }
  if (matter.note) now.append(h('p', { class: 'note low' }, say(matter.note)));
  if (matter.number && matter.number !== matter.id) now.append(h('p', { class: 'soft number' }, matter.number));
  body.append(now);
  for (const paper of matter.papers) {
    const label = t('slip', { title: say(paper.title) });
    if (!paper.href) {
      body.append(h('p', { class: 'soft number' }, `${say(paper.title)} ${paper.number}`));
      continue;
    }
    body.append(
      app.online
        ? h('a', { class: 'button wide', href: paper.href, target: '_blank', rel: 'noopener' }, label)
        : h('p', { class: 'soft' }, `${label}（${t('slip_offline')}）`),
    );
    const ticket = paper.ticket;
    if (ticket && app.online) {
      body.append(h('button', { type: 'button', class: 'button wide', click: () => { toast(t('printing')); void print(ticket).then((how) => toast(t(how === 'printed' ? 'printed' : 'printer_none'))); } }, `${t('print_ticket')} · ${say(paper.title)}`));
    }
  }
  if (commands.length) {
    const line = h('ol', { class: 'line' });
    for (const c of commands) {
      const title = procedure?.acts.find((a) => a.code === c.act)?.title;
      const item = h('li', { class: 'act' }, h('div', { class: 'said' }, h('strong', {}, say(title) || c.act), statusTag(c)), h('div', { class: 'when' }, `${t('observed')} ${clockTime(c.observed_at)}${taken(c)}`));
      if (c.status === 'refused') item.append(h('ul', { class: 'why' }, ...c.reasons.map((r) => h('li', {}, r.text))));
      line.append(item);
    }
    body.append(h('section', {}, h('h2', {}, t('story')), line));
  }
  const acts = at.closed ? [] : offered(procedure, at.state);
  const foot = h('div', { class: 'thumb' });
  // The last act the declaration names is the one that asks for more; the plain one comes first under the thumb.
  const way = (act: { code: string }) => `#/do/${matter.procedure}/${act.code}/${encodeURIComponent(key)}`;
  // Many acts do not fit under a thumb: those that move the matter on come first, the rest are one tap away.
  const first = acts.length > AT_THUMB ? acts.filter((a) => a.moves[at.state] !== at.state).slice(0, AT_THUMB - 1) : acts;
  first.forEach((act, i) => foot.append(h('a', { class: i ? 'button wide' : 'button primary wide', href: way(act) }, say(act.title))));
  const rest = acts.filter((a) => !first.includes(a));
  if (rest.length) {
    body.append(h('details', { class: 'rest' }, h('summary', {}, t('other_acts', { n: rest.length })), h('div', { class: 'tiles' }, ...rest.map((act) => h('a', { class: 'tile', href: way(act) }, h('strong', {}, say(act.title)))))));
  }
  if (!acts.length && !at.closed) body.append(h('p', { class: 'soft' }, t('nothing_to_do')));
  return { title: say(procedure?.title) || t('mine'), body, foot: acts.length ? foot : undefined, back: '#/' };
}
