// What this phone holds: commands waiting or answered, photographs until they are safe, the matters they belong to, drafts.
// Nothing is ever dropped by itself: a refused command stays until the officer has read it and put it away.

import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Procedure, Words } from './procedures';

export type Status = 'waiting' | 'sending' | 'accepted' | 'refused';

export interface Reason {
  code: string;
  text: string;
  field?: string;
}

export interface Piece {
  set: string;
  sha256: string;
  taken_at: string;
  panorama: boolean;
  plate_legible: boolean;
  located: boolean;
  /** Of a recording: when it ended. */
  until?: string;
  lon?: number;
  lat?: number;
}

/** What an act needs besides photographs and answers. */
export interface Extra {
  checks: string[];
  present: string[];
  officers: string[];
  assign?: Record<string, string[]>;
  items?: Record<string, Record<string, unknown>[]>;
  related?: Record<string, string[]>;
}

export interface Position {
  lon: number;
  lat: number;
  accuracy_m: number;
}

export interface QueuedCommand {
  /** Idempotency key; also the name by which later commands refer to a matter that has no number yet. */
  key: string;
  /** Grows by one per command on this phone: the order in which they are sent. */
  order: number;
  /** Key of the opening command, or `id:<id>` for a matter that came from the server. */
  matter: string;
  /** Whose act it is: it is never sent under anybody else's sign-in. */
  account: string;
  procedure: string;
  act: string;
  observed_at: string;
  values: Record<string, unknown>;
  evidence: Piece[];
  position?: Position;
  checks?: string[];
  present?: string[];
  officers?: string[];
  assign?: Record<string, string[]>;
  items?: Record<string, Record<string, unknown>[]>;
  related?: Record<string, string[]>;
  status: Status;
  attempts: number;
  reasons: Reason[];
  /** Read and put away by the officer; only then it leaves the screen. */
  away: boolean;
}

export interface RunningClock {
  key: string;
  title: Words;
  from: string;
  due: string;
  inclusive: boolean;
  law?: Words;
  /** The server's own words for what is left: beyond a day they are law, not arithmetic. */
  left?: Words;
}

export interface Paper {
  code: string;
  title: Words;
  number: string;
  href: string;
  /** The same for the printer at the belt (ESC/POS). */
  ticket?: string;
}

export interface LocalMatter {
  key: string;
  account: string;
  procedure: string;
  /** The server's id and number, once it has one. */
  id?: string;
  number?: string;
  title: string;
  where: string;
  state: string;
  closed: boolean;
  clocks: RunningClock[];
  papers: Paper[];
  /** What the server says happened last, when it is worth a line (a reminder that was not accepted, and why). */
  note?: Words;
  opened_at: string;
}

export interface Photo {
  sha256: string;
  blob: Blob;
  taken_at: string;
  uploaded: boolean;
}

/** What the server last told this phone: who is signed in, what they may do, and how far its clock is ahead. */
export interface Bundle {
  now: string;
  account: { id: string; name: string };
  csrf: string;
  plate_head: string;
  /** Colleagues on shift now: of the same crew first, then of the same unit. */
  beside?: { number: string; unit: Words; crew: string }[];
  /** The procedure that most officers begin. */
  begin?: string;
  plates: boolean;
  procedures: Procedure[];
  matters: Omit<LocalMatter, 'key' | 'account'>[];
  /** Whether these are all: only then an absent one is no longer theirs. */
  whole: boolean;
}

export interface Draft {
  name: string;
  values: Record<string, unknown>;
  shots: { sha256: string; piece: Piece }[];
  extra?: Extra;
  at: string;
}

interface Schema extends DBSchema {
  commands: { key: string; value: QueuedCommand; indexes: { order: number; matter: string } };
  matters: { key: string; value: LocalMatter };
  photos: { key: string; value: Photo };
  drafts: { key: string; value: Draft };
  kept: { key: string; value: unknown };
}

export type Store = IDBPDatabase<Schema>;

export function openStore(name = 'guangyue-field'): Promise<Store> {
  return openDB<Schema>(name, 1, {
    upgrade(db) {
      const commands = db.createObjectStore('commands', { keyPath: 'key' });
      commands.createIndex('order', 'order', { unique: true });
      commands.createIndex('matter', 'matter');
      db.createObjectStore('matters', { keyPath: 'key' });
      db.createObjectStore('photos', { keyPath: 'sha256' });
      db.createObjectStore('drafts', { keyPath: 'name' });
      db.createObjectStore('kept');
    },
  });
}

export type NewCommand = Omit<QueuedCommand, 'order' | 'status' | 'attempts' | 'reasons' | 'away'>;

/** Puts a command in the queue, behind all others, with its photographs and its new matter: all or nothing. */
export async function enqueue(store: Store, command: NewCommand, photos: Photo[], opens?: LocalMatter): Promise<QueuedCommand> {
  const tx = store.transaction(['commands', 'photos', 'matters'], 'readwrite', { durability: 'strict' });
  const last = await tx.objectStore('commands').index('order').openCursor(null, 'prev');
  const queued: QueuedCommand = {
    ...command,
    order: (last?.value.order ?? 0) + 1,
    status: 'waiting',
    attempts: 0,
    reasons: [],
    away: false,
  };
  await tx.objectStore('commands').add(queued);
  for (const photo of photos) await tx.objectStore('photos').put(photo);
  if (opens) await tx.objectStore('matters').put(opens);
  await tx.done;
  return queued;
}

/** The commands not yet answered, oldest first. */
export async function pending(store: Store): Promise<QueuedCommand[]> {
  const all = await store.getAllFromIndex('commands', 'order');
  return all.filter((c) => c.status === 'waiting' || c.status === 'sending');
}

/** An officer has read a refusal: it leaves the screen, not the phone. */
export async function putAway(store: Store, key: string): Promise<void> {
  const command = await store.get('commands', key);
  if (command) await store.put('commands', { ...command, away: true });
}

const KEPT_DAYS = 7;

/** Clears what is settled and old: accepted commands and closed matters of last week. Refusals only once put away. */
export async function tidy(store: Store, now: number): Promise<void> {
  const before = new Date(now - KEPT_DAYS * 86_400_000).toISOString();
  const tx = store.transaction(['commands', 'matters', 'photos'], 'readwrite');
  for (const command of await tx.objectStore('commands').getAll()) {
    const settled = command.status === 'accepted' || (command.status === 'refused' && command.away);
    if (!settled || command.observed_at >= before) continue;
    for (const piece of command.evidence) await tx.objectStore('photos').delete(piece.sha256);
    await tx.objectStore('commands').delete(command.key);
  }
  for (const matter of await tx.objectStore('matters').getAll()) {
    if (matter.closed && matter.opened_at < before) await tx.objectStore('matters').delete(matter.key);
  }
  await tx.done;
}
