// The app's one state: the store, what the server last said, whether there is a network, and the pass over the queue.

import { lead } from '../base/clock';
import type { Procedure } from './procedures';
import { openStore, pending, tidy, type Bundle, type LocalMatter, type Store } from './store';
import { serverTransport, sync, SignInNeeded } from './sync';

const EVERY = 30_000;
/** Without a touch for this long the app asks nothing by itself: a phone left lying must not keep its session alive. */
const ATTENDED = 5 * 60_000;

export class App {
  bundle: Bundle | undefined;
  ahead = 0;
  signedIn = false;
  online = navigator.onLine;
  private touched = Date.now();
  private readonly listeners = new Set<() => void>();
  private busy: Promise<void> | undefined;

  private constructor(readonly store: Store) {}

  static async open(): Promise<App> {
    const app = new App(await openStore());
    app.bundle = (await app.store.get('kept', 'bundle')) as Bundle | undefined;
    app.ahead = ((await app.store.get('kept', 'ahead')) as number | undefined) ?? 0;
    await tidy(app.store, app.now());
    addEventListener('online', () => void app.refresh());
    addEventListener('offline', () => app.lost());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) void app.refresh();
    });
    for (const touch of ['pointerdown', 'keydown']) addEventListener(touch, () => (app.touched = Date.now()), { passive: true });
    setInterval(() => {
      if (!document.hidden && navigator.onLine && Date.now() - app.touched < ATTENDED) void app.refresh();
    }, EVERY);
    return app;
  }

  /** The city's time, as well as this phone knows it. */
  now(): number {
    return Date.now() + this.ahead;
  }

  get account(): string {
    return this.bundle?.account.id ?? '';
  }

  get procedures(): Procedure[] {
    return this.bundle?.procedures ?? [];
  }

  procedure(code: string): Procedure | undefined {
    return this.procedures.find((p) => p.code === code);
  }

  changed(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(): void {
    this.listeners.forEach((listener) => listener());
  }

  private lost(): void {
    this.online = false;
    this.tell();
  }

  /** Sends what waits and fetches what is new; one at a time, over all windows of this phone. */
  refresh(): Promise<void> {
    this.busy ??= this.pass().finally(() => {
      this.busy = undefined;
    });
    return this.busy;
  }

  private async pass(): Promise<void> {
    try {
      await this.fetchBundle();
      if (this.signedIn && (await pending(this.store)).some((c) => c.account === this.account)) {
        const transport = serverTransport(() => this.bundle?.csrf ?? '');
        const once = () => sync(this.store, transport, this.account);
        const answered = 'locks' in navigator ? await navigator.locks.request('guangyue-sync', once) : await once();
        if (answered) await this.fetchBundle();
      }
    } catch (error) {
      if (error instanceof SignInNeeded) this.signedIn = false;
      else if (error instanceof TypeError) this.online = false;
      // Anything else is the server's trouble: the queue keeps what it has, and the next pass tries again.
    }
    this.tell();
  }

  private async fetchBundle(): Promise<void> {
    const response = await fetch('/field/bundle', { headers: { Accept: 'application/json' }, cache: 'no-store' });
    this.online = true;
    this.signedIn = response.ok && !response.redirected;
    if (!this.signedIn) return;
    const bundle = (await response.json()) as Bundle;
    this.bundle = bundle;
    this.ahead = lead(bundle.now);
    await this.store.put('kept', bundle, 'bundle');
    await this.store.put('kept', this.ahead, 'ahead');
    await this.take(bundle);
  }

  /** The server's matters become the phone's. What the phone opened keeps its key. */
  private async take(bundle: Bundle): Promise<void> {
    const tx = this.store.transaction(['matters', 'commands'], 'readwrite');
    const matters = tx.objectStore('matters');
    const known = await matters.getAll();
    const seen = new Set<string>();
    for (const told of bundle.matters) {
      const mine = known.find((m) => m.id === told.id);
      seen.add(told.id ?? '');
      await matters.put({ ...told, key: mine?.key ?? `id:${told.id}`, account: bundle.account.id });
    }
    // What the server no longer lists as open has been closed by somebody else, or handed over.
    for (const gone of bundle.whole ? known : []) {
      if (gone.id && gone.account === bundle.account.id && !gone.closed && !seen.has(gone.id)) await matters.put({ ...gone, closed: true, clocks: [] });
    }
    await tx.done;
  }

  /** My open matters, the most urgent first. */
  async matters(): Promise<LocalMatter[]> {
    const all = await this.store.getAll('matters');
    return all.filter((m) => m.account === this.account);
  }
}
