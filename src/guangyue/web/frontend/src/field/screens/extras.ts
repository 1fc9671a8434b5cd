// What an act needs besides photographs and answers: ticks, who is there, colleagues, a voice note, earlier records.

import type { App } from '../app';
import { h, icon } from '../dom';
import type { Act, Named, Words } from '../procedures';
import type { Extra } from '../store';
import { LONGEST, Voice, type Note } from '../voice';
import { say, t } from '../words';

const COLLEAGUES = 'guangyue.colleagues';

function ticks(heading: string, items: Named[], on: string[], changed: (on: string[]) => void): HTMLElement {
  const chosen = new Set(on);
  const row = ({ code, title }: Named) => {
    const box = h('input', { type: 'checkbox', checked: chosen.has(code) });
    box.addEventListener('change', () => {
      if (box.checked) chosen.add(code);
      else chosen.delete(code);
      changed([...chosen]);
    });
    return h('label', { class: 'field choice' }, box, h('span', {}, say(title)));
  };
  return h('fieldset', { class: 'ticks' }, h('legend', {}, heading), ...items.map(row));
}

/** The colleagues of today, remembered on this phone: the same two walk together all day. */
function colleagues(app: App, act: Act, known: Extra, changed: () => void): HTMLElement {
  const needed = (act.officers ?? 1) - 1;
  const before = JSON.parse(localStorage.getItem(COLLEAGUES) ?? '[]') as string[];
  if (!known.officers.length) known.officers = before.slice(0, Math.max(1, needed));
  const input = h('input', { id: 'q-officers', autocomplete: 'off', enterkeyhint: 'next', autocapitalize: 'characters' });
  input.value = known.officers.join(' ');
  const read = () => {
    known.officers = input.value.split(/[\s,，、]+/).filter(Boolean);
    localStorage.setItem(COLLEAGUES, JSON.stringify(known.officers));
    changed();
  };
  input.addEventListener('input', read);
  // Who is on the same shift stands first; one touch puts the number in, another takes it out.
  const picks = (app.bundle?.beside ?? []).slice(0, 6).map((b) => {
    const pick = h('button', { type: 'button', class: 'pick', 'aria-pressed': String(known.officers.includes(b.number)) }, `${b.number} ${b.crew || say(b.unit)}`);
    pick.addEventListener('click', () => {
      const on = known.officers.includes(b.number);
      input.value = (on ? known.officers.filter((n) => n !== b.number) : [...known.officers, b.number]).join(' ');
      read();
      pick.setAttribute('aria-pressed', String(!on));
    });
    return pick;
  });
  return h('div', { class: 'field' }, h('label', { for: 'q-officers' }, t('colleagues')), picks.length ? h('div', { class: 'picks' }, ...picks) : null, input);
}

/** The rest of an act's form; nothing where the declaration asks nothing more. */
export function extras(app: App, act: Act, known: Extra, changed: () => void): { element: HTMLElement; missing(): string[] } {
  const element = h('div', { class: 'form extras' });
  if ((act.officers ?? 1) > 1 || act.colleagues) element.append(colleagues(app, act, known, changed));
  if (act.checks?.length) element.append(ticks(t('checks'), act.checks, known.checks, (on) => { known.checks = on; changed(); }));
  if (act.present?.length) element.append(ticks(t('present'), act.present, known.present, (on) => { known.present = on; changed(); }));
  return {
    element,
    missing: () => {
      const needed = (act.officers ?? 1) - 1 - known.officers.length;
      return needed > 0 ? [t('colleagues_need', { n: needed })] : [];
    },
  };
}

/** A button that records, and what was recorded with a way to hear it and to let it go. */
export function voicePad(app: App, title: Words, taken: (note: Note) => Promise<void>, kept: () => { url: string; drop: () => void }[]): { element: HTMLElement; close(): void } {
  const voice = new Voice(() => app.now());
  const button = h('button', { type: 'button', class: 'button wide voice' });
  const status = h('p', { class: 'wrong', role: 'status' });
  const list = h('div', { class: 'heard' });
  let timer: ReturnType<typeof setInterval> | undefined;
  const draw = () => {
    button.replaceChildren(icon('voice'), voice.running ? t('stop_voice', { s: voice.seconds }) : t('record_voice'));
    button.classList.toggle('on', voice.running);
    list.replaceChildren(...kept().map(({ url, drop }) => h('div', { class: 'note-line' },
      h('audio', { src: url, controls: true, preload: 'metadata' }),
      h('button', { type: 'button', class: 'button quiet', click: () => { drop(); draw(); } }, t('drop_voice')))));
  };
  const stop = async () => {
    clearInterval(timer);
    button.disabled = true;
    const note = await voice.stop();
    button.disabled = false;
    if (note) await taken(note);
    draw();
  };
  button.addEventListener('click', async () => {
    if (voice.running) return stop();
    status.textContent = (await voice.start()) ? '' : t('voice_off');
    if (voice.running) {
      timer = setInterval(() => (voice.seconds >= LONGEST ? void stop() : draw()), 1000);
    }
    draw();
  });
  draw();
  const element = h('div', { class: 'field' }, h('span', { class: 'label' }, say(title)), list, button, status);
  return { element, close: () => { clearInterval(timer); voice.close(); } };
}

interface Earlier {
  since: string;
  suggests: Words;
  count: number;
  records: { at: string; number: string; where: string; said: Words[] }[];
}

/** Earlier records of the subject, asked of the server; each look stands in its log. Nothing without a network. */
export function earlier(app: App, act: Act, matter: string | undefined): HTMLElement | null {
  if (!act.consults || !matter || !app.online) return null;
  const place = h('section', { class: 'earlier', 'aria-label': t('earlier') });
  void fetch(`/field/priors/${encodeURIComponent(matter)}/${act.code}`, { headers: { Accept: 'application/json' }, cache: 'no-store' })
    .then(async (answer) => {
      if (!answer.ok) return;
      const found = (await answer.json()) as Earlier;
      const day = (iso: string) => new Date(iso).toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
      const rows = found.records.map((r) => h('li', {}, h('strong', {}, r.said.map(say).join(' · ')), ` ${day(r.at)} `, h('span', { class: 'soft' }, r.where)));
      place.replaceChildren(
        h('h2', {}, t('earlier')),
        rows.length ? h('ul', {}, ...rows) : h('p', {}, t('earlier_none', { day: day(found.since) })),
        h('p', {}, say(found.suggests)),
        h('p', { class: 'soft' }, t('earlier_note')),
      );
    })
    .catch(() => undefined);
  return place;
}
