import './console.css';
import './streets.css';
import './registers.css';
import htmx from 'htmx.org';
import { attend } from './attend';
import { startList } from './list';
import { watch } from './live';
import { keepDrafts, offerPlaces, repeatLines, startMatter } from './matter';
import type { CityMap } from './map';

// The policy allows neither inline styles nor evaluated code; htmx needs neither.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.responseHandling = [
  { code: '204', swap: false },
  { code: '[23]..', swap: true },
  { code: '(409|422|403)', swap: true },
  { code: '[45]..', swap: false, error: true },
];

function desk(table: HTMLTableElement): void {
  let map: CityMap | null = null;
  const list = startList(table, (id) => map?.show(id));
  const status = document.querySelector<HTMLElement>('.live');
  const set = table.dataset;
  watch(set['events'] ?? '', set['changes'] ?? '', set['cursor'] ?? '', {
    batch(batch) {
      if (batch.reset) return location.reload();
      list.batch(batch);
      for (const change of batch.changes) map?.move(change.id, change.position, !change.closed);
    },
    mode(mode) {
      const text = status?.querySelector<HTMLElement>('.text');
      if (status) status.dataset['live'] = mode;
      if (text) text.textContent = text.dataset[mode] ?? '';
    },
    signedOut: () => location.reload(),
  });
  const holder = document.querySelector<HTMLElement>('#map');
  if (holder) {
    void import('./map').then(async ({ startMap }) => {
      map = await startMap(holder, (id) => list.select(id));
    });
  }
  const more = document.querySelector<HTMLDetailsElement>('#filters .more');
  document.addEventListener('pointerdown', (event) => {
    if (more?.open && !more.contains(event.target as Node)) more.open = false;
  });
  more?.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    more.open = false;
    more.querySelector('summary')?.focus();
  });
  document.querySelector('#filters')?.addEventListener('change', (event) => {
    if ((event.target as HTMLElement).matches('select')) (event.currentTarget as HTMLFormElement).requestSubmit();
  });
}

function prepare(root: ParentNode): void {
  keepDrafts(root);
  offerPlaces(root);
  repeatLines(root);
}

attend();
const table = document.querySelector<HTMLTableElement>('#list');
if (table) desk(table);
const plan = document.querySelector<HTMLElement>('#map[data-plan]');
if (plan) void import('./patrol').then(({ startPatrol }) => startPatrol(plan));
const board = document.querySelector<HTMLElement>('#map[data-board]');
if (board) void import('./map').then(({ startMap }) => startMap(board, (id) => location.assign(`/console/matters/${encodeURIComponent(id)}`)));
const matter = document.querySelector<HTMLElement>('#matter');
if (matter) startMatter(matter);
prepare(document);
document.addEventListener('htmx:load', (event) => {
  const part = (event as CustomEvent<{ elt: HTMLElement }>).detail.elt;
  prepare(part);
  part.querySelector<HTMLElement>('.refusal[tabindex]')?.focus();
  if (part.matches('#now')) part.querySelector<HTMLElement>('form.act :is(input:not([type="hidden"]), select, textarea)')?.focus();
});
