// What can be begun: one large tile a line of work, the lowest under the thumb.

import type { App } from '../app';
import { h } from '../dom';
import { opening } from '../procedures';
import { say, t } from '../words';
import type { Screen } from './frame';

export function begin(app: App): Screen {
  const starts = opening(app.procedures);
  const tiles = h('div', { class: 'tiles' }, ...starts.map(({ procedure, act }) =>
    h('a', { class: 'tile', href: `#/do/${procedure.code}/${act.code}` }, h('strong', {}, say(procedure.title)), h('span', {}, say(act.title)))));
  return { title: t('pick_kind'), body: h('div', { class: 'low-down' }, tiles), back: '#/' };
}
