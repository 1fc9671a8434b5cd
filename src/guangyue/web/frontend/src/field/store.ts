// What this phone holds: commands waiting or answered, photographs until they are safe, and the matters they belong to.
// Nothing is ever dropped by itself: a refused command stays until the officer has read it and put it away.

import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

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
  kind: 'photo' | 'recording';
  panorama: boolean;
  plate_legible: boolean;
  position?: [number, number];
  accuracy_m?: number;
}

export interface QueuedCommand {
  /** Idempotency key; also the name by which later commands refer to a matter that has no number yet. */
  key: string;
  /** Grows by one per command on this phone: the order in which they are sent. */
  order: number;
  /** Key of the opening command, on this phone; equal to `key` for an opening command. */
  matter: string;
  procedure: string;
  act: string;
  observed_at: string;
  values: Record<string, unknown>;
  evidence: Piece[];
  status: Status;
  attempts: number;
  reasons: Reason[];
}

export interface LocalMatter {
  key: string;
  procedure: string;
  /** The server's id and number, once it has one. */
  id?: string;
  number?: string;
  title: string;
  where: string;
  state: string;
  state_title: string;
  closed: boolean;
  clock?: { key: string; title: string; from: string; due: string };
  opened_at: string;
}

export interface Photo {
  sha256: string;
  blob: Blob;
  taken_at: string;
  uploaded: boolean;
}

interface Schema extends DBSchema {
  commands: { key: string; value: QueuedCommand; indexes: { order: number; matter: string } };
  matters: { key: string; value: LocalMatter };
  photos: { key: string; value: Photo };
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
    },
  });
}

/** Puts a command in the queue, behind all others, together with its photographs: both or neither. */
export async function enqueue(
  store: Store,
  command: Omit<QueuedCommand, 'order' | 'status' | 'attempts' | 'reasons'>,
  photos: Photo[],
): Promise<QueuedCommand> {
  const tx = store.transaction(['commands', 'photos'], 'readwrite', { durability: 'strict' });
  const last = await tx.objectStore('commands').index('order').openCursor(null, 'prev');
  const queued: QueuedCommand = { ...command, order: (last?.value.order ?? 0) + 1, status: 'waiting', attempts: 0, reasons: [] };
  await tx.objectStore('commands').add(queued);
  for (const photo of photos) await tx.objectStore('photos').put(photo);
  await tx.done;
  return queued;
}

/** The commands not yet answered, oldest first. */
export async function pending(store: Store): Promise<QueuedCommand[]> {
  const all = await store.getAllFromIndex('commands', 'order');
  return all.filter((c) => c.status === 'waiting' || c.status === 'sending');
}
