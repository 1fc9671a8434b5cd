// The plate keyboard: provinces, then letters and digits; big keys, one thumb. A physical keyboard works as well.

import { DIGITS, ENDINGS, LETTERS, LONGEST, PROVINCES, plausible, squeeze } from '../plates';
import { h, icon } from '../dom';
import { t } from '../words';

export interface Pad {
  element: HTMLElement;
  value(): string;
  set(value: string): void;
}

type Page = 'province' | 'letters' | 'endings';

export function platePad(title: string, initial: string, changed: (value: string) => void): Pad {
  let value = squeeze(initial);
  let page: Page = value ? 'letters' : 'province';
  const cells = h('output', { class: 'cells', 'aria-live': 'polite', 'aria-label': title });
  const keys = h('div', { class: 'keys', role: 'group', 'aria-label': t('plate_typed') });
  const wrong = h('p', { class: 'wrong', hidden: true }, t('impossible'));

  const set = (next: string) => {
    value = [...squeeze(next)].slice(0, LONGEST).join('');
    page = value ? (page === 'province' ? 'letters' : page) : 'province';
    draw();
    changed(value);
  };
  const press = (key: string) => {
    if (page === 'province') set(key + [...value].slice(1).join(''));
    else if ([...value].length < LONGEST) set(value + key);
    if (page !== 'letters') {
      page = 'letters';
      draw();
    }
  };
  const key = (text: string) => h('button', { type: 'button', class: 'key', click: () => press(text) }, text);
  const turn = (to: Page, label: string, said: string) => h('button', { type: 'button', class: 'key wide', 'aria-label': said, click: () => { page = to; draw(); } }, label);
  const erase = () =>
    h('button', { type: 'button', class: 'key wide', 'aria-label': t('delete'), click: () => set([...value].slice(0, -1).join('')) }, icon('erase'));

  function draw(): void {
    const held = document.activeElement instanceof HTMLButtonElement && keys.contains(document.activeElement) ? document.activeElement.textContent : null;
    const letters = [...value];
    const boxes = Math.max(7, letters.length + (letters.length === 7 && !plausible(value) ? 1 : 0));
    cells.replaceChildren(
      ...Array.from({ length: boxes }, (_, i) => h('span', { class: `cell${i === letters.length ? ' here' : ''}${i === 1 ? ' office' : ''}` }, letters[i] ?? '')),
    );
    cells.classList.toggle('green', letters.length === LONGEST);
    wrong.hidden = letters.length < 7 || plausible(value);
    const rows =
      page === 'province'
        ? [...PROVINCES.map(key), ...(value ? [turn('letters', 'ABC 123', t('letters'))] : [])]
        : page === 'endings'
          ? [...ENDINGS.map(key), turn('letters', 'ABC 123', t('letters'))]
          : [...DIGITS.map(key), ...LETTERS.map(key), turn('province', '省', t('province')), turn('endings', '挂学', t('endings')), erase()];
    keys.className = `keys ${page}`;
    keys.replaceChildren(...rows);
    if (held) [...keys.querySelectorAll('button')].find((b) => b.textContent === held)?.focus();
  }

  const element = h('div', { class: 'pad' }, cells, wrong, keys);
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Backspace') set([...value].slice(0, -1).join(''));
    else if (/^[0-9a-zA-Z]$/.test(event.key) && page === 'letters') press(event.key.toUpperCase());
    else return;
    event.preventDefault();
  });
  draw();
  return { element, value: () => value, set };
}
