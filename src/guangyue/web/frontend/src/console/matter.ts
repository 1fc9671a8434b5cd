// A matter's page: says when it has changed meanwhile, shows photographs large, keeps what was typed.

import { watch } from './live';

const DRAFTS = 'guangyue.draft.';

export function startMatter(article: HTMLElement): void {
  const id = article.dataset['id'];
  const note = article.querySelector<HTMLElement>('.note.changed');
  watch(article.dataset['events'] ?? '', article.dataset['changes'] ?? '', article.dataset['cursor'] ?? '', {
    batch(batch) {
      const seen = batch.changes.find((c) => c.id === id);
      if (seen && seen.seq > Number(article.dataset['seq']) && note) note.hidden = false;
    },
    mode() {},
    signedOut: () => location.reload(),
  });
  note?.querySelector('a')?.addEventListener('click', (event) => {
    event.preventDefault();
    location.reload();
  });
  article.addEventListener('click', (event) => {
    const link = (event.target as HTMLElement).closest<HTMLAnchorElement>('a[data-photo]');
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const dialog = document.createElement('dialog');
    dialog.className = 'photo';
    const image = document.createElement('img');
    image.src = link.href;
    image.alt = link.querySelector('img')?.alt ?? '';
    dialog.append(image);
    dialog.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** What was typed into an act's form and not sent comes back, on this device and in this tab only. */
export function keepDrafts(root: ParentNode = document): void {
  root.querySelectorAll<HTMLFormElement>('form[data-draft]').forEach((form) => {
    const key = DRAFTS + form.dataset['draft'];
    const fields = () => [...form.elements].filter((e): e is HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement =>
      (e instanceof HTMLTextAreaElement || e instanceof HTMLSelectElement || (e instanceof HTMLInputElement && ['text', 'number', 'date', 'datetime-local', 'tel'].includes(e.type))) && e.name !== '' && !e.closest('[data-repeat]'));
    const kept = JSON.parse(sessionStorage.getItem(key) ?? '{}') as Record<string, string>;
    if (!form.querySelector('.refusal')) for (const field of fields()) if (!field.value && kept[field.name]) field.value = kept[field.name] ?? '';
    form.addEventListener('input', () => sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(fields().map((f) => [f.name, f.value])))));
    form.addEventListener('submit', () => sessionStorage.removeItem(key));
  });
}

/** A list of lines gets a button for one more; the new line is empty. */
export function repeatLines(root: ParentNode = document): void {
  const zh = document.documentElement.lang.startsWith('zh');
  root.querySelectorAll<HTMLElement>('ol[data-repeat]').forEach((list) => {
    if (list.dataset['more']) return;
    list.dataset['more'] = 'true';
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button quiet';
    button.textContent = zh ? '再加一行' : 'One more line';
    button.addEventListener('click', () => {
      const line = list.lastElementChild?.cloneNode(true) as HTMLElement | undefined;
      if (!line) return;
      line.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input, select').forEach((field) => (field.value = ''));
      list.append(line);
      line.querySelector<HTMLElement>('input, select')?.focus();
    });
    list.after(button);
  });
}

/** A form that asks for a place offers the device's own. */
export function offerPlaces(root: ParentNode = document): void {
  const zh = document.documentElement.lang.startsWith('zh');
  root.querySelectorAll<HTMLInputElement>('input[data-place]').forEach((input) => {
    if (!('geolocation' in navigator) || input.dataset['offered']) return;
    input.dataset['offered'] = 'true';
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button quiet';
    button.textContent = zh ? '用当前位置' : 'Use my position';
    button.addEventListener('click', () => navigator.geolocation.getCurrentPosition((at) => {
      input.value = `${at.coords.longitude.toFixed(6)}, ${at.coords.latitude.toFixed(6)}`;
    }));
    input.after(button);
  });
}
