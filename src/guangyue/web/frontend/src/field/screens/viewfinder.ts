// The viewfinder: which photograph is wanted, the shutter at the thumb, what has been taken in a strip above it.

import { Camera } from '../camera';
import { h, icon } from '../dom';
import type { Slot } from '../procedures';
import { say, t } from '../words';

export interface Wanted {
  slot: Slot | undefined;
  index: number;
  total: number;
}

export interface Finder {
  element: HTMLElement;
  close(): void;
}

/** `taken` gets each picture: drawn from the viewfinder, or a file of the phone's own camera. */
export function viewfinder(
  wanted: () => Wanted,
  thumbs: () => { url: string; retake: () => void }[],
  taken: (picture: Blob, drawn: boolean) => Promise<void>,
  leave: { next: () => void; cancel: string; ready: () => boolean },
): Finder {
  const video = h('video', { playsinline: true, muted: true, 'aria-hidden': 'true' });
  video.muted = true;
  const camera = new Camera(video);
  const heading = h('h1', { tabindex: -1 });
  const count = h('p', { role: 'status' });
  const want = h('div', { class: 'want' }, heading, count);
  const strip = h('div', { class: 'strip' });
  const next = h('button', { type: 'button', class: 'button primary', click: leave.next }, t('enough'));
  const file = h('input', { type: 'file', accept: 'image/*', capture: 'environment', class: 'visually-hidden', tabindex: -1, 'aria-label': t('from_camera_app') });
  const own = h('button', { type: 'button', class: 'round small', 'aria-label': t('from_camera_app'), click: () => file.click() }, icon('camera'));
  const shutter = h('button', { type: 'button', class: 'shutter', 'aria-label': t('shutter'), disabled: true });
  const stage = h('div', { class: 'stage' }, video, h('div', { class: 'flash' }));

  const draw = () => {
    const { slot, index, total } = wanted();
    const label = slot ? (slot.panorama ? t('panorama') : slot.plate ? t('close') : say(slot.rule.title)) : t('add_photo');
    heading.textContent = label;
    count.textContent = slot ? t('photo_of', { i: index + 1, n: total }) : '';
    strip.replaceChildren(
      ...thumbs().map(({ url, retake }, i) =>
        h('button', { type: 'button', class: 'thumbnail', 'aria-label': `${t('again')} · ${t('photo_alt', { i: i + 1 })}`, click: () => { retake(); draw(); } }, h('img', { src: url, alt: '' })),
      ),
    );
    next.disabled = !leave.ready();
  };
  const got = async (picture: Blob, drawn: boolean) => {
    shutter.disabled = true;
    await taken(picture, drawn);
    shutter.disabled = !video.srcObject;
    draw();
  };
  shutter.addEventListener('click', () => {
    stage.classList.remove('blink');
    void stage.offsetWidth;
    stage.classList.add('blink');
    navigator.vibrate?.(20);
    void camera.shoot().then((picture) => got(picture, true));
  });
  file.addEventListener('change', () => {
    const picked = file.files?.[0];
    if (picked) void got(picked, false);
    file.value = '';
  });
  void camera.start().then((works) => {
    shutter.disabled = !works;
    if (!works) {
      stage.append(h('p', { class: 'blind' }, t('no_camera')));
      own.classList.remove('small');
    }
  });
  draw();
  const element = h(
    'div',
    { class: 'finder' },
    stage,
    h('header', { class: 'over' }, h('a', { class: 'round small', href: leave.cancel, 'aria-label': t('cancel') }, icon('back')), want),
    h('main', { id: 'main', class: 'reach' }, strip, h('div', { class: 'triggers' }, own, file, shutter, next)),
  );
  return { element, close: () => camera.stop() };
}
