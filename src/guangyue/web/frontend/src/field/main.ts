// The field app (执勤端): a small router over screens, an installable shell that works without network.

import './field.css';
import { startClocks } from '../base/clock';
import { applyTheme } from './theme';
import { App } from './app';
import { h } from './dom';
import { actScreen } from './screens/act';
import { counts, frame, type Screen } from './screens/frame';
import { matterScreen } from './screens/matter';
import { mine } from './screens/mine';
import { begin } from './screens/begin';
import { more } from './screens/more';
import { queue } from './screens/queue';
import { keptLanguage, t } from './words';

async function screenFor(app: App, hash: string): Promise<Screen> {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [first, ...rest] = path.split('/').map(decodeURIComponent);
  switch (first) {
    case 'do':
      return actScreen(app, rest[0] ?? '', rest[1] ?? '', rest[2] ?? '', new URLSearchParams(query).get('again') ?? '');
    case 'm':
      return matterScreen(app, rest[0] ?? '');
    case 'new':
      return begin(app);
    case 'queue':
      return queue(app);
    case 'more':
      return more(app);
    default:
      return mine(app);
  }
}

async function start(): Promise<void> {
  document.documentElement.lang = keptLanguage();
  applyTheme();
  const root = document.getElementById('app');
  if (!root) return;
  const app = await App.open();
  let current: Screen | undefined;
  let turn = 0;

  let moving = 0;
  const show = async (moved: boolean) => {
    // A form in progress is not redrawn under the officer's thumb, and news never overtake a turn to another page.
    if (!moved && (current?.full || moving)) return;
    const mineTurn = (turn += 1);
    if (moved) moving = mineTurn;
    const screen = await screenFor(app, location.hash);
    const n = await counts(app);
    if (mineTurn !== turn) {
      screen.leave?.();
      return;
    }
    moving = 0;
    current?.leave?.();
    current = screen;
    const opened = new Set([...root.querySelectorAll('details[open]')].map((d) => d.className));
    const at = document.scrollingElement?.scrollTop ?? 0;
    root.replaceChildren(frame(app, screen, n));
    root.querySelectorAll('details').forEach((d) => { if (!moved && opened.has(d.className)) d.open = true; });
    document.title = `${screen.title} · ${t('app')}`;
    if (moved) {
      scrollTo(0, 0);
      root.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    } else scrollTo(0, at);
  };

  addEventListener('hashchange', () => void show(true));
  app.changed(() => void show(false));
  // A clock that runs out changes what can be done: look again every few seconds while it matters.
  setInterval(() => {
    if (!document.hidden && !current?.full && root.querySelector('.clock.low, .clock.lapsed')) void show(false);
  }, 5000);
  await show(true);
  startClocks(document, () => app.now());
  register();
  await app.refresh();
  document.documentElement.dataset['ready'] = 'yes';
}

/** The service worker keeps the shell; a new version waits until the officer says so. */
function register(): void {
  if (!('serviceWorker' in navigator)) return;
  void navigator.serviceWorker.register('/field/worker.js', { scope: '/field/' }).then((registration) => {
    const offer = (worker: ServiceWorker | null) => {
      if (!worker || !navigator.serviceWorker.controller) return;
      const bar = document.getElementById('news');
      bar?.replaceChildren(t('new_version'), h('button', { type: 'button', class: 'button', click: () => worker.postMessage('now') }, t('reload')));
      if (bar) bar.hidden = false;
    };
    offer(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const coming = registration.installing;
      coming?.addEventListener('statechange', () => {
        if (coming.state === 'installed') offer(coming);
      });
    });
  });
  let had = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (had) location.reload();
    had = true;
  });
}

void start();
