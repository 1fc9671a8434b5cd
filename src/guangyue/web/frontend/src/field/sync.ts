// Sends the queue, in order, whenever there is a network. One command at a time; a matter whose command was refused does
// not hold up the others. What the server answers is kept: accepted, or refused with all reasons.

import * as tus from 'tus-js-client';
import { pending, type LocalMatter, type QueuedCommand, type Reason, type Store } from './store';

export interface Answer {
  id: string;
  number: string;
  state: string;
  state_title: string;
  closed: boolean;
  title: string;
  where: string;
  clock?: LocalMatter['clock'];
}

export interface Transport {
  /** Makes sure a photograph is on the server; resolves when its bytes are safe there. */
  upload(blob: Blob, sha256: string): Promise<void>;
  /** Sends a command; a refusal is an answer, a network failure an exception. */
  send(command: QueuedCommand, matter: LocalMatter | undefined): Promise<{ ok: true; answer: Answer } | { ok: false; reasons: Reason[] }>;
}

/** The server said: sign in first. The queue waits, nothing is lost. */
export class SignInNeeded extends Error {}

/** One pass over the queue. Returns how many commands were answered. */
export async function sync(store: Store, transport: Transport): Promise<number> {
  let answered = 0;
  for (const command of await pending(store)) {
    const matter = await store.get('matters', command.matter);
    const opening = command.key === command.matter;
    const opened = await store.get('commands', command.matter);
    if (!opening && opened?.status === 'refused') {
      await settle(store, command, 'refused', [{ code: 'queue.opening_refused', text: opened.reasons.map((r) => r.text).join(' ') }]);
      answered += 1;
      continue;
    }
    await store.put('commands', { ...command, status: 'sending', attempts: command.attempts + 1 });
    try {
      for (const piece of command.evidence) {
        const photo = await store.get('photos', piece.sha256);
        if (photo && !photo.uploaded) {
          await transport.upload(photo.blob, photo.sha256);
          await store.put('photos', { ...photo, uploaded: true });
        }
      }
      const result = await transport.send(command, matter);
      if (result.ok) await accept(store, command, matter, result.answer);
      else await settle(store, command, 'refused', result.reasons);
      answered += 1;
    } catch (error) {
      await store.put('commands', { ...command, status: 'waiting', attempts: command.attempts + 1 });
      throw error;
    }
  }
  return answered;
}

async function settle(store: Store, command: QueuedCommand, status: 'accepted' | 'refused', reasons: Reason[]): Promise<void> {
  await store.put('commands', { ...command, status, reasons, attempts: command.attempts + 1 });
}

async function accept(store: Store, command: QueuedCommand, matter: LocalMatter | undefined, answer: Answer): Promise<void> {
  const tx = store.transaction(['commands', 'matters', 'photos'], 'readwrite');
  await tx.objectStore('commands').put({ ...command, status: 'accepted', reasons: [], attempts: command.attempts + 1 });
  const { clock: _old, ...known } = matter ?? { key: command.matter, procedure: command.procedure, opened_at: command.observed_at };
  const { clock, ...rest } = answer;
  await tx.objectStore('matters').put({ ...known, ...rest, ...(clock ? { clock } : {}) } as LocalMatter);
  for (const piece of command.evidence) await tx.objectStore('photos').delete(piece.sha256);
  await tx.done;
}

/** The real server: tus for photographs, JSON for commands, the session's cookie for who we are. */
export function serverTransport(csrf: () => string, fetcher: typeof fetch = fetch): Transport {
  return {
    upload: (blob, sha256) =>
      new Promise((resolve, reject) => {
        const upload = new tus.Upload(blob, {
          endpoint: '/api/uploads',
          retryDelays: [0, 1000, 3000],
          metadata: { sha256, filetype: blob.type || 'image/jpeg' },
          headers: { 'X-CSRFToken': csrf() },
          onSuccess: () => resolve(),
          onError: reject,
        });
        upload.findPreviousUploads().then((earlier) => {
          if (earlier[0]) upload.resumeFromPreviousUpload(earlier[0]);
          upload.start();
        }, reject);
      }),
    async send(command, matter) {
      const opening = command.key === command.matter;
      const target = matter?.id ?? `key:${command.matter}`;
      const path = opening ? '/api/matters' : `/api/matters/${encodeURIComponent(target)}/actions/${command.act}`;
      const body = {
        ...(opening ? { procedure: command.procedure, act: command.act } : {}),
        observed_at: command.observed_at,
        values: command.values,
        evidence: command.evidence,
      };
      const response = await fetcher(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': command.key, 'X-CSRFToken': csrf() },
        body: JSON.stringify(body),
      });
      if (response.ok) return { ok: true, answer: (await response.json()) as Answer };
      if (response.status === 401 || response.redirected) throw new SignInNeeded();
      if (response.status === 409 || response.status === 429 || response.status >= 500) throw new Error(`answer ${response.status}`);
      const problem = (await response.json()) as { detail?: string; reasons?: Reason[] };
      return { ok: false, reasons: problem.reasons ?? [{ code: `http.${response.status}`, text: problem.detail ?? String(response.status) }] };
    },
  };
}
