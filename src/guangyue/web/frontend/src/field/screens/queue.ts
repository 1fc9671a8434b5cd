// What waits, what was refused and why. A refusal stays until the officer has read it.

import type { App } from '../app';
import { h, icon } from '../dom';
import { putAway, type QueuedCommand } from '../store';
import { say, t, type Key } from '../words';
import type { Screen } from './frame';
import { clockTime } from './matter';
import { naming } from './mine';

export function statusTag(command: QueuedCommand): HTMLElement {
  return h('span', { class: `status ${command.status}` }, t(`status_${command.status}` as Key));
}

export async function queue(app: App): Promise<Screen> {
  const all = await app.store.getAllFromIndex('commands', 'order');
  const matters = new Map((await app.store.getAll('matters')).map((m) => [m.key, m]));
  const refused = all.filter((c) => c.status === 'refused' && !c.away);
  const waiting = all.filter((c) => c.status === 'waiting' || c.status === 'sending');
  const body = h('div', { class: 'stack wide' });
  const named = (c: QueuedCommand) => naming(matters.get(c.matter)?.title || String(c.values['plate'] ?? ''));
  const title = (c: QueuedCommand) => say(app.procedure(c.procedure)?.acts.find((a) => a.code === c.act)?.title) || c.act;
  for (const c of refused) {
    const card = h(
      'section',
      { class: 'refusal' },
      h('h2', {}, `${t('refused_title')}：${title(c)}`),
      h('p', {}, h('span', { class: 'plate' }, named(c)), ` · ${t('observed')} ${clockTime(c.observed_at)}`),
      h('ul', {}, ...c.reasons.map((r) => h('li', {}, r.text))),
    );
    const buttons = h('div', { class: 'pair' });
    if (c.account === app.account && c.reasons[0]?.code !== 'queue.opening_refused') {
      const again = c.key === c.matter ? '' : `/${encodeURIComponent(c.matter)}`;
      buttons.append(h('a', { class: 'button', href: `#/do/${c.procedure}/${c.act}${again}?again=${c.key}` }, t('correct')));
    }
    buttons.append(h('button', { class: 'button', type: 'button', click: () => void putAway(app.store, c.key).then(() => app.tell()) }, t('put_away')));
    card.append(buttons);
    body.append(card);
  }
  if (waiting.length) {
    const list = h('ul', { class: 'cards' });
    for (const c of waiting) {
      list.append(
        h(
          'li',
          { class: 'card still' },
          h('span', { class: 'name' }, title(c)),
          statusTag(c),
          h('span', { class: 'where' }, `${named(c)} · ${t('observed')} ${clockTime(c.observed_at)}${c.evidence.length ? ` · ${t('photos_n', { n: c.evidence.length })}` : ''}`),
          c.account === app.account ? null : h('p', { class: 'note low' }, t('someone_else')),
        ),
      );
    }
    body.append(list);
  }
  if (!refused.length && !waiting.length) body.append(h('div', { class: 'empty' }, icon('tower'), h('p', {}, t('all_sent')), h('p', {}, t('all_sent_more'))));
  const can = waiting.length > 0 && app.online && app.signedIn;
  const foot = can ? h('div', { class: 'thumb' }, h('button', { class: 'button primary wide', type: 'button', click: () => void app.refresh() }, t('send_now'))) : undefined;
  return { title: t('queue'), body, foot, tab: 'queue' };
}
