// Elements in one line. Text is always text, never markup.

type Child = Node | string | null | undefined | false;
type Props = Record<string, string | number | boolean | ((event: Event) => void) | undefined>;

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((c): c is Node | string => c !== null && c !== undefined && c !== false));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

function shape(tag: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

const PATHS = {
  tower: 'M24 3v4M12 15c5-1 9-3 12-8 3 5 7 7 12 8M8 26c7-1 13-4 16-9 3 5 9 8 16 9M16 18v5M32 18v5M4 37c9-1 16-4 20-9 4 5 11 8 20 9M13 31v13M35 31v13M20 44v-7a4 4 0 0 1 8 0v7M8 44h32',
  list: 'M10 13h28M10 24h28M10 35h18',
  queue: 'M24 38V14M14 23l10-10 10 10M10 42h28',
  more: 'M12 24h.1M24 24h.1M36 24h.1',
  camera: 'M8 15h8l3-5h10l3 5h8v24H8zM24 20a7 7 0 1 0 0 14 7 7 0 0 0 0-14z',
  back: 'M30 10 16 24l14 14',
  erase: 'M18 12h22v24H18L8 24zM24 19l10 10M34 19 24 29',
  voice: 'M24 5a6 6 0 0 0-6 6v12a6 6 0 0 0 12 0V11a6 6 0 0 0-6-6zM11 22a13 13 0 0 0 26 0M24 35v8M16 43h16',
  check: 'M10 25l9 9 19-20',
  pin: 'M24 43C15 33 11 27 11 20a13 13 0 0 1 26 0c0 7-4 13-13 23zM24 15a5 5 0 1 0 0 10 5 5 0 0 0 0-10z',
} as const;

/** A drawing of our own; decoration beside a word. */
export function icon(name: keyof typeof PATHS): SVGElement {
  const svg = shape('svg', {
    viewBox: '0 0 48 48', fill: 'none', stroke: 'currentColor', 'stroke-width': name === 'more' ? '6' : '3', 'stroke-linecap': 'round',
    'stroke-linejoin': 'round', 'aria-hidden': 'true', class: `icon icon-${name}`,
  });
  svg.append(shape('path', { d: PATHS[name] }));
  return svg;
}

/** The clock chip, as everywhere in the house; `base/clock.ts` makes it count. */
export function clockChip(clock: { title: string; from: string; due: string }, words: string, share: number, tone: string): HTMLElement {
  const ring = shape('svg', { class: 'ring', viewBox: '0 0 36 36', 'aria-hidden': 'true' });
  const circle = { cx: '18', cy: '18', r: '15.9' };
  ring.append(shape('circle', circle), shape('circle', { ...circle, pathLength: '100', 'stroke-dasharray': `${share} 100` }));
  const chip = h('span', { class: `clock ${tone}`, 'data-from': clock.from, 'data-due': clock.due, role: 'timer' });
  chip.append(ring, h('span', { class: 'visually-hidden' }, `${clock.title}: `), h('span', { class: 'left' }, words));
  return chip;
}
