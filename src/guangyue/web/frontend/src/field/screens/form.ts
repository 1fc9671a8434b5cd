// The questions of an act, as the declaration asks them; the kinds a phone in the rain can answer.

import { h } from '../dom';
import type { Question } from '../procedures';
import { say, t } from '../words';
import { platePad, type Pad } from './pad';

const CITY = 8 * 3_600_000;

export interface Answers {
  element: HTMLElement;
  values(): Record<string, unknown>;
  /** The questions that still need an answer. */
  missing(): Question[];
  pad: Pad | undefined;
}

/** `known` fills in; `recent` are the officer's own last words for a text, offered and not imposed. */
export function answers(form: Question[], known: Record<string, unknown>, recent: Record<string, string[]>, changed: () => void, prefix = 'q'): Answers {
  const values: Record<string, unknown> = { ...known };
  let pad: Pad | undefined;
  const put = (name: string, value: unknown) => {
    if (value === '' || value === undefined || (Array.isArray(value) && !value.length)) delete values[name];
    else values[name] = value;
    changed();
  };
  const row = (question: Question): HTMLElement => {
    const { name, kind } = question;
    const id = `${prefix}-${name}`;
    const label = h('label', { for: id }, say(question.title), question.required ? null : h('span', { class: 'optional' }, ` ${t('optional')}`));
    if (kind === 'plate') {
      pad = platePad(say(question.title), String(values[name] ?? ''), (v) => put(name, v));
      return h('div', { class: 'field' }, h('span', { class: 'label' }, say(question.title)), pad.element);
    }
    if (kind === 'choices') {
      const on = new Set(Array.isArray(values[name]) ? (values[name] as string[]) : []);
      const ticks = question.choices.map(({ code, title }) => {
        const box = h('input', { type: 'checkbox', checked: on.has(code) });
        box.addEventListener('change', () => {
          if (box.checked) on.add(code);
          else on.delete(code);
          put(name, question.choices.map((c) => c.code).filter((c) => on.has(c)));
        });
        return h('label', { class: 'field choice' }, box, h('span', {}, say(title)));
      });
      return h('fieldset', { class: 'ticks', id }, h('legend', {}, say(question.title), question.required ? null : h('span', { class: 'optional' }, ` ${t('optional')}`)), ...ticks);
    }
    if (kind === 'choice') {
      const select = h('select', { id }, h('option', { value: '' }, t('choose')), ...question.choices.map((c) => h('option', { value: c.code }, say(c.title))));
      // Where there is nothing to choose, nothing is asked: the one answer stands there already.
      if (question.required && question.choices.length === 1 && values[name] === undefined) values[name] = question.choices[0]?.code;
      select.value = String(values[name] ?? '');
      select.addEventListener('change', () => put(name, select.value));
      return h('div', { class: 'field' }, label, select);
    }
    if (kind === 'flag') {
      const box = h('input', { id, type: 'checkbox', checked: values[name] === true });
      if (question.required && values[name] === undefined) values[name] = false;
      box.addEventListener('change', () => put(name, box.checked));
      return h('div', { class: 'field choice' }, box, label);
    }
    const number = kind === 'integer' || kind === 'money';
    const type = { phone: 'tel', date: 'date', moment: 'datetime-local', integer: 'number', money: 'number' }[kind] ?? 'text';
    const input = kind === 'lines' ? h('textarea', { id }) : h('input', { id, type, autocomplete: 'off', enterkeyhint: 'next' });
    input.value = written(kind, values[name]);
    input.addEventListener('input', () => put(name, asked(kind, input.value.trim(), number)));
    const offers = (recent[name] ?? []).slice(0, 3);
    const chips = offers.map((word) => h('button', { type: 'button', class: 'pick', click: () => { input.value = word; put(name, word); } }, word));
    return h('div', { class: 'field' }, label, input, chips.length ? h('div', { class: 'picks' }, ...chips) : null);
  };
  // A place is what the satellites say; nobody types it.
  const typed = form.filter((q) => q.kind !== 'place');
  const first = typed.filter((q) => q.required);
  const rest = typed.filter((q) => !q.required);
  const element = h('div', { class: 'form' }, ...first.map(row));
  if (rest.length) element.append(h('details', {}, h('summary', {}, t('more_details')), h('div', { class: 'form' }, ...rest.map(row))));
  return {
    element,
    values: () => ({ ...values }),
    missing: () => form.filter((q) => q.required && q.kind !== 'place' && (values[q.name] === undefined || values[q.name] === '')),
    pad,
  };
}

/** A kept answer as its field shows it: money in yuan, a moment in the city's time. */
export function written(kind: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (kind === 'money') return String(Number(value) / 100);
  if (kind === 'moment') return new Date(new Date(String(value)).getTime() + CITY).toISOString().slice(0, 16);
  return String(value);
}

function asked(kind: string, text: string, number: boolean): unknown {
  if (text === '') return undefined;
  if (kind === 'money') return Math.round(Number(text) * 100);
  if (number) return Number(text);
  return kind === 'moment' ? new Date(`${text}+08:00`).toISOString() : text;
}
