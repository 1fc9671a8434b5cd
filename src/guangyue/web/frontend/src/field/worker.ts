// The service worker: keeps the shell of one version, whole, and serves it without network. Nothing about anybody is in it:
// matters and photographs lie in the page's own database. The server writes `SHELL` in front of this file.

declare const SHELL: { version: string; page: string; files: string[] };
declare const self: ServiceWorkerGlobalScope;

const PREFIX = 'guangyue-field-';
const NAME = PREFIX + SHELL.version;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll([SHELL.page, ...SHELL.files].map((url) => new Request(url, { cache: 'reload' })))));
});

self.addEventListener('activate', (event) => {
  const clear = async () => {
    for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== NAME) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(clear());
});

self.addEventListener('message', (event) => {
  if (event.data === 'now') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  const page = event.request.mode === 'navigate' && url.pathname === SHELL.page;
  if (!page && !SHELL.files.includes(url.pathname)) return;
  const kept = async () => {
    const cache = await caches.open(NAME);
    return (await cache.match(page ? SHELL.page : url.pathname)) ?? fetch(event.request);
  };
  event.respondWith(kept());
});

export {};
