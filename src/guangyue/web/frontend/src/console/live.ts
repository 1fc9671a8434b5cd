// What changes while somebody looks. The server sends each changed matter as the row it is now; a row on the screen is
// replaced in place, a new one waits behind "3 new" so that nothing jumps. When the stream cannot be had the page asks.

export interface Change {
  id: string;
  seq: number;
  row: string;
  closed: boolean;
  position: [number, number] | null;
}

export interface Batch {
  cursor: string;
  changes: Change[];
  reset: boolean;
}

export type Mode = 'on' | 'poll' | 'off';

export interface Watcher {
  batch(batch: Batch): void;
  mode(mode: Mode): void;
  signedOut(): void;
}

const POLL = 5_000;
const TRIES = 3;

/** Watches from a cursor on, without a gap: the browser sends the last event's id again when it comes back. */
export function watch(events: string, changes: string, cursor: string, watcher: Watcher): () => void {
  let last = cursor;
  let failures = 0;
  let timer: number | undefined;
  let source: EventSource | undefined;

  const take = (batch: Batch) => {
    last = batch.cursor;
    watcher.batch(batch);
  };
  const poll = async () => {
    try {
      const answer = await fetch(`${changes}?since=${encodeURIComponent(last)}`, { headers: { Accept: 'application/json' } });
      if (answer.status === 401 || answer.redirected) return watcher.signedOut();
      if (answer.ok) take((await answer.json()) as Batch);
      watcher.mode(answer.ok ? 'poll' : 'off');
    } catch {
      watcher.mode('off');
    }
    timer = window.setTimeout(poll, POLL);
  };
  const fall = () => {
    source?.close();
    source = undefined;
    void poll();
  };

  source = new EventSource(`${events}?since=${encodeURIComponent(cursor)}`);
  source.addEventListener('open', () => {
    failures = 0;
    watcher.mode('on');
  });
  source.addEventListener('changes', (event) => take(JSON.parse((event as MessageEvent<string>).data) as Batch));
  source.addEventListener('signed-out', () => {
    source?.close();
    watcher.signedOut();
  });
  source.addEventListener('error', () => {
    failures += 1;
    watcher.mode('off');
    // A stream that was closed for good (no event server) or will not open is not tried for ever.
    if (source?.readyState === EventSource.CLOSED || failures >= TRIES) fall();
  });
  return () => {
    source?.close();
    window.clearTimeout(timer);
  };
}
