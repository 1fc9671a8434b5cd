// What an act brings besides answers: units to give work to, a list of things, the matter in hand it belongs to.

import { h } from '../dom';
import type { Act } from '../procedures';
import type { Extra, LocalMatter } from '../store';
import { say, t } from '../words';
import { answers, type Answers } from './form';
import { naming } from './mine';

interface Part {
  element: HTMLElement;
  missing(): string[];
}

export function many(act: Act, known: Extra, inHand: LocalMatter[], changed: () => void): Part {
  const parts: Part[] = [
    ...(act.belongs ? [belongs(act.belongs, known, inHand, changed)] : []),
    ...(act.items ?? []).map((list) => things(list, known, changed)),
    ...(act.assigns ?? []).map((task) => units(task, known, changed)),
  ];
  return { element: h('div', { class: 'form' }, ...parts.map((p) => p.element)), missing: () => parts.flatMap((p) => p.missing()) };
}

function belongs(tie: NonNullable<Act['belongs']>, known: Extra, inHand: LocalMatter[], changed: () => void): Part {
  const id = 'q-belongs';
  const fitting = inHand.filter((m) => m.id && tie.to.includes(m.procedure));
  const select = h('select', { id }, h('option', { value: '' }, t('choose')), ...fitting.map((m) => h('option', { value: m.id ?? '' }, `${naming(m.title)} ${m.where}`.trim())));
  const only = fitting.length === 1 ? fitting[0]?.id : undefined;
  select.value = known.related?.[tie.kind]?.[0] ?? only ?? '';
  const put = () => {
    known.related = select.value ? { [tie.kind]: [select.value] } : {};
    changed();
  };
  select.addEventListener('change', put);
  if (select.value) known.related = { [tie.kind]: [select.value] };
  const element = h('div', { class: 'field' }, h('label', { for: id }, say(tie.title)), select, fitting.length ? null : h('p', { class: 'note' }, t('none_in_hand')));
  return { element, missing: () => (select.value ? [] : [t('need_matter', { title: say(tie.title) })]) };
}

function units(task: NonNullable<Act['assigns']>[number], known: Extra, changed: () => void): Part {
  const lines = h('div', { class: 'lines' });
  const read = () => {
    const chosen = [...lines.querySelectorAll('select')].map((s) => s.value).filter(Boolean);
    known.assign = { ...known.assign, [task.code]: [...new Set(chosen)] };
    changed();
  };
  const line = (value = '') => {
    const label = `${t('unit_line')} ${lines.childElementCount + 1}`;
    const select = h('select', { 'aria-label': label }, h('option', { value: '' }, t('choose')), ...task.choices.map((c) => h('option', { value: c.code }, say(c.title))));
    select.value = value;
    select.addEventListener('change', read);
    lines.append(select);
  };
  (known.assign?.[task.code] ?? ['']).forEach(line);
  const more = h('button', { type: 'button', class: 'button quiet', click: () => line() }, t('one_more'));
  const element = h('fieldset', { class: 'ticks' }, h('legend', {}, say(task.title)), h('p', { class: 'soft' }, say(task.hint)), lines, more);
  return { element, missing: () => (known.assign?.[task.code]?.length ? [] : [t('need_unit', { title: say(task.title) })]) };
}

function things(list: NonNullable<Act['items']>[number], known: Extra, changed: () => void): Part {
  const kept: { answers: Answers; card: HTMLElement }[] = [];
  const cards = h('div', { class: 'lines' });
  let count = 0;
  const read = () => {
    known.items = { ...known.items, [list.slot]: kept.map((k) => k.answers.values()) };
    changed();
  };
  const add = (values: Record<string, unknown> = {}) => {
    count += 1;
    const form = answers(list.form, values, {}, read, `i${count}-${list.slot}`);
    const out = h('button', { type: 'button', class: 'button quiet' }, t('take_out'));
    const card = h('div', { class: 'thing' }, form.element, out);
    const mine = { answers: form, card };
    out.addEventListener('click', () => {
      kept.splice(kept.indexOf(mine), 1);
      card.remove();
      read();
    });
    kept.push(mine);
    cards.append(card);
  };
  (known.items?.[list.slot] ?? [{}]).forEach((values) => add(values));
  const more = h('button', { type: 'button', class: 'button', click: () => { add(); read(); } }, t('one_more'));
  const element = h('fieldset', { class: 'ticks' }, h('legend', {}, say(list.title)), cards, more);
  const missing = () => {
    const faults = kept.flatMap((k) => k.answers.missing().map((q) => t('required', { title: say(q.title) })));
    return kept.length ? [...new Set(faults)] : [t('need_item', { title: say(list.title) })];
  };
  return { element, missing };
}
