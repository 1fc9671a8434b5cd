// The clock chip counts down by itself: to the second under an hour, to the minute under a day; beyond that the server's
// own words stand (working days are law, not arithmetic). Server and device may disagree about the time, so the page
// carries the server's.

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/** How far the server's clock is ahead of this device's, in milliseconds. */
export function lead(serverNow: string, deviceNow = Date.now()): number {
  return Date.parse(serverNow) - deviceNow;
}

/** The words of a remaining (or exceeded) time; empty beyond a day. */
export function words(left: number, zh: boolean): string {
  const over = left < 0;
  const value = Math.abs(left);
  if (value >= DAY) return '';
  const hours = Math.floor(value / HOUR);
  const minutes = Math.floor((value % HOUR) / 60_000);
  const seconds = Math.floor((value % 60_000) / SECOND);
  const two = (n: number) => String(n).padStart(2, '0');
  const text = value < HOUR ? `${minutes}:${two(seconds)}` : zh ? `${hours}时${two(minutes)}分` : `${hours}h ${two(minutes)}m`;
  return over ? (zh ? `超 ${text}` : `+${text}`) : text;
}

/** Which colour a clock has: low from the last fifth on, and always in the last minute. */
export function tone(left: number, whole: number): 'running' | 'low' | 'lapsed' {
  if (left < 0) return 'lapsed';
  return left < whole / 5 || left < 60_000 ? 'low' : 'running';
}

function draw(chip: HTMLElement, now: number, zh: boolean): void {
  const due = Date.parse(chip.dataset['due'] ?? '');
  const from = Date.parse(chip.dataset['from'] ?? '');
  if (Number.isNaN(due)) return;
  const left = due - now;
  const whole = Math.max(due - from, 1);
  const text = words(left, zh);
  const shown = chip.querySelector('.left');
  if (text && shown && shown.textContent !== text) shown.textContent = text;
  const name = tone(left, whole);
  for (const other of ['running', 'low', 'lapsed']) chip.classList.toggle(other, other === name);
  const share = Math.max(0, Math.min(100, Math.round((left / whole) * 100)));
  chip.style.setProperty('--left', String(share));
}

/** Starts all clocks of the page, those that arrive later included. */
export function startClocks(root: Document = document, cityNow?: () => number): void {
  const ahead = lead(root.documentElement.dataset['now'] ?? new Date().toISOString());
  const zh = root.documentElement.lang.startsWith('zh');
  const tick = () => {
    const now = cityNow?.() ?? Date.now() + ahead;
    root.querySelectorAll<HTMLElement>('.clock[data-due]').forEach((chip) => draw(chip, now, zh));
  };
  tick();
  setInterval(tick, SECOND);
}
