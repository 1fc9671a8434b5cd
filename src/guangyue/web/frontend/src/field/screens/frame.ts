// What every screen stands in: the bar with the network's state, the words, the way back, the bottom tabs.

import type { App } from '../app';
import { h, icon } from '../dom';
import { t, type Key } from '../words';

export interface Screen {
  title: string;
  body: HTMLElement;
  /** The primary action at the thumb. */
  foot?: HTMLElement | undefined;
  back?: string | undefined;
  /** The viewfinder takes the whole glass. */
  full?: boolean;
  tab?: Tab;
  leave?: () => void;
}

export type Tab = 'mine' | 'queue' | 'more';

export interface Counts {
  waiting: number;
  refused: number;
}

export async function counts(app: App): Promise<Counts> {
  const all = await app.store.getAll('commands');
  return {
    waiting: all.filter((c) => c.status === 'waiting' || c.status === 'sending').length,
    refused: all.filter((c) => c.status === 'refused' && !c.away).length,
  };
}

export function networkPill(app: App, n: Counts): HTMLElement {
  const waits = n.waiting ? ` · ${t('waiting_n', { n: n.waiting })}` : '';
  if (!app.online) return h('span', { class: 'pill off' }, t('offline') + waits);
  if (!app.signedIn && app.bundle) return h('a', { class: 'pill off', href: '/account/login/?next=/field/' }, t('sign_in') + waits);
  return h('span', { class: n.waiting ? 'pill busy' : 'pill on' }, t('online') + waits);
}

const TABS: [Tab, string, 'list' | 'queue' | 'more'][] = [['mine', '#/', 'list'], ['queue', '#/queue', 'queue'], ['more', '#/more', 'more']];

function tabs(current: Tab, n: Counts): HTMLElement {
  const nav = h('nav', { class: 'tabs', 'aria-label': t('main_nav') });
  for (const [key, href, drawing] of TABS) {
    const link = h('a', { href, 'aria-current': key === current ? 'page' : undefined } as Record<string, string>, icon(drawing), h('span', {}, t(key as Key)));
    const badge = key === 'queue' ? n.refused || n.waiting : 0;
    if (badge) link.append(h('span', { class: n.refused ? 'badge bad' : 'badge', 'aria-label': n.refused ? t('refused_n', { n: badge }) : t('waiting_n', { n: badge }) }, String(badge)));
    nav.append(link);
  }
  return nav;
}

export function frame(app: App, screen: Screen, n: Counts): HTMLElement {
  if (screen.full) return h('div', { class: 'glass' }, screen.body);
  const lead = screen.back
    ? h('a', { class: 'back', href: screen.back, 'aria-label': t('back') }, icon('back'))
    : h('span', { class: 'mark' }, icon('tower'));
  return h(
    'div',
    { class: screen.foot ? 'frame footed' : 'frame' },
    h('header', { class: 'top' }, lead, h('h1', { tabindex: -1 }, screen.title), networkPill(app, n)),
    h('main', { id: 'main' }, screen.body),
    h('footer', { class: 'bottom' }, screen.foot ?? null, screen.tab ? tabs(screen.tab, n) : null),
  );
}

let toastTimer: ReturnType<typeof setTimeout> | undefined;

/** A short word at the bottom, read out by a screen reader. */
export function toast(text: string): void {
  const place = document.getElementById('toast');
  if (!place) return;
  place.textContent = text;
  place.classList.add('shown');
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => place.classList.remove('shown'), 4000);
}
