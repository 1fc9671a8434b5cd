// Sends the queue, in order, whenever there is a network. One command at a time; a matter whose command was refused does
// not hold up the others. What the server answers is kept: accepted, or refused with all reasons.

import * as tus from 'tus-js-client';
import { pending, type LocalMatter, type QueuedCommand, type Reason, type RunningClock, type Store } from './store';

export interface Answer {
  id: string;
  number: string;
  state: { code: string; title: string };
  seq: number;
  deadlines: { key: string; title: string; due_at: string; inclusive: boolean; started_at?: string; status?: string }[];
  outcome?: { code: string; title: string } | null;
}

export type Sent = { ok: true; answer: Answer } | { ok: false; reasons: Reason[] };

export interface Transport {
  /** Makes sure a photograph is on the server; resolves when its bytes are safe there. */
  upload(blob: Blob, sha256: string): Promise<void>;
  /** Sends a command; a refusal is an answer, a network failure an exception. */
  send(command: QueuedCommand, matter: LocalMatter | undefined): Promise<Sent>;
}

/** The server said: sign in first. The queue waits, nothing is lost. */
export class SignInNeeded extends Error {}

/** The server looked at a photograph and will not have it; sending it again would change nothing. */
export class Turned extends Error {
  constructor(readonly reasons: Reason[]) {
    super(reasons.map((r) => r.text).join(' '));
  }
}

/** One pass over the queue of one officer. Returns how many commands were answered. */
export async function sync(store: Store, transport: Transport, account: string): Promise<number> {
  let answered = 0;
  for (const command of await pending(store)) {
    if (command.account !== account) continue;
    const opened = await store.get('commands', command.matter);
    if (command.key !== command.matter && opened?.status === 'refused') {
      const text = opened.reasons.map((r) => r.text).join(' ');
      await settle(store, command, 'refused', [{ code: 'queue.opening_refused', text }]);
      answered += 1;
      continue;
    }
    await store.put('commands', { ...command, status: 'sending', attempts: command.attempts + 1 });
    try {
      await upload(store, transport, command);
      const result = await transport.send(command, await store.get('matters', command.matter));
      if (result.ok) await accept(store, command, result.answer);
      else await settle(store, command, 'refused', result.reasons);
      answered += 1;
    } catch (error) {
      if (error instanceof Turned) {
        await settle(store, command, 'refused', error.reasons);
        answered += 1;
        continue;
      }
      await store.put('commands', { ...command, status: 'waiting', attempts: command.attempts + 1 });
      throw error;
    }
  }
  return answered;
}

async function upload(store: Store, transport: Transport, command: QueuedCommand): Promise<void> {
  for (const piece of command.evidence) {
    const photo = await store.get('photos', piece.sha256);
    if (photo && !photo.uploaded) {
      await transport.upload(photo.blob, photo.sha256);
      await store.put('photos', { ...photo, uploaded: true });
    }
  }
}

async function settle(store: Store, command: QueuedCommand, status: 'accepted' | 'refused', reasons: Reason[]): Promise<void> {
  await store.put('commands', { ...command, status, reasons, attempts: command.attempts + 1 });
}

async function accept(store: Store, command: QueuedCommand, answer: Answer): Promise<void> {
  const tx = store.transaction(['commands', 'matters', 'photos'], 'readwrite');
  await tx.objectStore('commands').put({ ...command, values: {}, items: {}, status: 'accepted', reasons: [], attempts: command.attempts + 1 });
  const known = await tx.objectStore('matters').get(command.matter);
  await tx.objectStore('matters').put({
    ...blank(command),
    ...known,
    id: answer.id,
    number: answer.number,
    state: answer.state.code,
    closed: Boolean(answer.outcome),
    clocks: answer.deadlines.filter((d) => d.status === undefined || d.status === 'pending').map((d) => clock(d, known)),
  });
  for (const piece of command.evidence) await tx.objectStore('photos').delete(piece.sha256);
  await tx.done;
}

function blank(command: QueuedCommand): LocalMatter {
  return {
    key: command.matter, account: command.account, procedure: command.procedure, title: '', where: '', state: '', closed: false,
    clocks: [], papers: [], opened_at: command.observed_at,
  };
}

function clock(said: Answer['deadlines'][number], known: LocalMatter | undefined): RunningClock {
  const before = known?.clocks.find((c) => c.key === said.key && c.due === said.due_at);
  return {
    key: said.key,
    title: before?.title ?? { zh: said.title, en: said.title },
    from: said.started_at ?? before?.from ?? new Date().toISOString(),
    due: said.due_at,
    inclusive: said.inclusive,
  };
}

const AGAIN = new Set([408, 423, 425, 429]);

/** The real server: tus for photographs, JSON for commands, the session's cookie for who we are. */
export function serverTransport(csrf: () => string, fetcher: typeof fetch = fetch): Transport {
  return {
    upload: (blob, sha256) =>
      new Promise((resolve, reject) => {
        const upload = new tus.Upload(blob, {
          endpoint: '/evidence/uploads/',
          retryDelays: [0, 1000, 3000],
          metadata: { sha256, filetype: blob.type || 'image/jpeg' },
          headers: { 'X-CSRFToken': csrf() },
          // Two photographs of one size are two files: only the digest tells them apart.
          fingerprint: () => Promise.resolve(`guangyue-${sha256}`),
          removeFingerprintOnSuccess: true,
          onSuccess: () => resolve(),
          onError: (error) => reject(fault(error)),
          onShouldRetry: (error) => {
            const status = (error as tus.DetailedError).originalResponse?.getStatus() ?? 0;
            return status === 0 || status >= 500 || AGAIN.has(status) || status === 409;
          },
        });
        upload.findPreviousUploads().then((earlier) => {
          if (earlier[0]) upload.resumeFromPreviousUpload(earlier[0]);
          upload.start();
        }, reject);
      }),
    async send(command, matter) {
      const opening = command.key === command.matter;
      if (!opening && !matter?.id) throw new Error('the matter has no id yet');
      const path = opening ? '/api/matters' : `/api/matters/${encodeURIComponent(matter?.id ?? '')}/actions/${command.act}`;
      const response = await fetcher(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'Idempotency-Key': command.key, 'X-CSRFToken': csrf() },
        body: JSON.stringify({
          procedure: command.procedure,
          action: command.act,
          observed_at: command.observed_at,
          values: command.values,
          evidence: command.evidence,
          ...(command.position ? { position: command.position } : {}),
          checks: command.checks ?? [],
          present: command.present ?? [],
          officers: command.officers ?? [],
          ...(command.assign ? { assign: command.assign } : {}),
          ...(command.items ? { items: command.items } : {}),
          ...(command.related ? { related: command.related } : {}),
        }),
      });
      if (response.ok && !response.redirected) return { ok: true, answer: (await response.json()) as Answer };
      return { ok: false, reasons: await refusal(response) };
    },
  };
}

interface Problem {
  code?: string;
  title?: string;
  detail?: string;
  reasons?: Reason[];
  zh?: string;
  en?: string;
}

/** The reasons of a refusal; an exception where the answer means "later" or "who are you". */
async function refusal(response: Response): Promise<Reason[]> {
  const problem = (await response.json().catch(() => ({}))) as Problem;
  if (response.redirected || response.status === 401) throw new SignInNeeded();
  if (response.status === 403 && !problem.reasons) throw new SignInNeeded();
  if (response.status >= 500 || AGAIN.has(response.status)) throw new Error(`answer ${response.status}`);
  if (response.status === 409 && !problem.reasons) throw new Error('answer 409');
  const text = problem.detail ?? problem.title ?? String(response.status);
  return problem.reasons?.length ? problem.reasons : [{ code: problem.code ?? `http.${response.status}`, text }];
}

function fault(error: Error | tus.DetailedError): Error {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  const status = response?.getStatus() ?? 0;
  if (status === 401 || status === 403) return new SignInNeeded();
  if (!response || status === 0 || status >= 500 || AGAIN.has(status) || status === 409 || status === 410) return error;
  let problem: Problem = {};
  try {
    problem = JSON.parse(response.getBody()) as Problem;
  } catch {
    /* no document, then: the status must do */
  }
  const zh = document.documentElement.lang.startsWith('zh');
  return new Turned([{ code: problem.code ?? `http.${status}`, text: (zh ? problem.zh : problem.en) ?? String(status), field: 'evidence' }]);
}
