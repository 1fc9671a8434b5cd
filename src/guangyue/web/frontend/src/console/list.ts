// The list: rows replaced in place, new ones waiting, keys to walk it, and a click anywhere on a row to open it.

import htmx from 'htmx.org';
import type { Batch } from './live';

export interface List {
  batch(batch: Batch): void;
  select(id: string): void;
}

function built(html: string): HTMLTableRowElement | null {
  const holder = document.createElement('template');
  holder.innerHTML = `<table><tbody>${html}</tbody></table>`;
  return holder.content.querySelector('tr');
}

/** Puts a row in place of the one on the screen, unless that one is newer already. Returns whether it was there. */
export function replaceRow(table: HTMLTableElement, id: string, seq: number, html: string): boolean {
  const old = table.querySelector<HTMLTableRowElement>(`tr[data-id="${CSS.escape(id)}"]`);
  if (!old) return false;
  if (Number(old.dataset['seq']) >= seq) return true;
  const fresh = built(html);
  if (!fresh) return true;
  const selected = old.getAttribute('aria-selected');
  const focused = old.contains(document.activeElement);
  old.replaceWith(fresh);
  fresh.classList.add('updated');
  if (selected) fresh.setAttribute('aria-selected', selected);
  if (focused) fresh.querySelector<HTMLAnchorElement>('a.row')?.focus();
  return true;
}

export function startList(table: HTMLTableElement, onSelect: (id: string) => void): List {
  const waiting = new Set<string>();
  const button = document.querySelector<HTMLButtonElement>('.fresh');
  const zh = document.documentElement.lang.startsWith('zh');
  const query = table.dataset['query'] ?? '';
  const watching = !/(^|&)(q|from|until|place|block|overdue|agency|view=closed)/.test(query);

  const tell = () => {
    if (!button) return;
    button.hidden = waiting.size === 0;
    button.textContent = zh ? `${waiting.size} ${button.dataset['zh']}` : `${waiting.size} ${button.dataset['en']}`;
  };
  button?.addEventListener('click', async () => {
    waiting.clear();
    tell();
    const body = table.tBodies[0];
    if (body) await htmx.ajax('get', `${table.dataset['rows']}?${query}`, { target: body, swap: 'innerHTML' });
    document.querySelector('#list-scroll')?.scrollTo({ top: 0 });
  });

  const select = (id: string, byUser = false) => {
    table.querySelectorAll('tr[aria-selected]').forEach((row) => row.removeAttribute('aria-selected'));
    const row = table.querySelector<HTMLTableRowElement>(`tr[data-id="${CSS.escape(id)}"]`);
    row?.setAttribute('aria-selected', 'true');
    row?.scrollIntoView({ block: 'nearest' });
    if (byUser) onSelect(id);
  };

  table.addEventListener('click', (event) => {
    const target = event.target as HTMLElement;
    if (target.closest('a, button, [popover]')) return;
    const row = target.closest<HTMLTableRowElement>('tr[data-id]');
    if (row) select(row.dataset['id'] ?? '', true);
  });
  table.addEventListener('dblclick', (event) => {
    const row = (event.target as HTMLElement).closest('tr[data-id]');
    row?.querySelector<HTMLAnchorElement>('a.row')?.click();
  });
  table.addEventListener('focusin', (event) => {
    const row = (event.target as HTMLElement).closest<HTMLTableRowElement>('tr[data-id]');
    if (row && (event.target as HTMLElement).matches('a.row')) select(row.dataset['id'] ?? '', true);
  });
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = (event.target as HTMLElement).closest('input, textarea, select');
    if (event.key === '/' && !typing) {
      event.preventDefault();
      document.querySelector<HTMLInputElement>('#q')?.focus();
    }
    if ((event.key === 'j' || event.key === 'k') && !typing) {
      const rows = [...table.querySelectorAll<HTMLTableRowElement>('tr[data-id]')];
      const at = rows.findIndex((row) => row.getAttribute('aria-selected') === 'true');
      rows[Math.max(0, Math.min(rows.length - 1, at + (event.key === 'j' ? 1 : -1)))]?.querySelector<HTMLAnchorElement>('a.row')?.focus();
    }
  });

  return {
    select: (id) => select(id),
    batch(batch) {
      for (const change of batch.changes) {
        const here = replaceRow(table, change.id, change.seq, change.row);
        if (!here && !change.closed && watching) waiting.add(change.id);
      }
      tell();
    },
  };
}
