// Language, light or dark, who is signed in, what this phone holds.

import { flipTheme } from '../theme';
import type { App } from '../app';
import { h } from '../dom';
import { isChinese, setLanguage, t } from '../words';
import type { Screen } from './frame';

interface InstallEvent extends Event {
  prompt(): Promise<void>;
}

let install: InstallEvent | undefined;
addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  install = event as InstallEvent;
});

export async function more(app: App): Promise<Screen> {
  const photos = await app.store.getAll('photos');
  const mb = (photos.reduce((n, p) => n + p.blob.size, 0) / 1e6).toFixed(1);
  const body = h(
    'div',
    { class: 'stack' },
    app.bundle ? h('p', {}, t('signed_in_as', { name: app.bundle.account.name })) : null,
    h('p', { class: 'soft' }, t('storage', { n: photos.length, mb })),
    app.bundle && !app.bundle.plates ? h('p', { class: 'soft' }, t('plate_reading_missing')) : null,
    app.signedIn ? null : h('a', { class: 'button wide primary', href: '/account/login/?next=/field/' }, t('to_sign_in')),
    h('button', { class: 'button wide', type: 'button', lang: isChinese() ? 'en' : 'zh-Hans', click: () => { setLanguage(isChinese() ? 'en' : 'zh-hans'); app.tell(); } }, t('language')),
    h('button', { class: 'button wide', type: 'button', click: flipTheme }, t('theme')),
    install ? h('button', { class: 'button wide', type: 'button', click: () => void install?.prompt() }, t('install')) : null,
    h('a', { class: 'button wide', href: '/console/' }, t('console')),
    h('p', { class: 'soft' }, t('version', { v: document.documentElement.dataset['version'] ?? '' })),
  );
  return { title: t('settings'), body, tab: 'more' };
}
