import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { enqueue, openStore, pending, type QueuedCommand, type Store } from '../src/field/store';
import { serverTransport, sync, SignInNeeded, type Answer, type Transport } from '../src/field/sync';

let store: Store;
let run = 0;

beforeEach(async () => {
  run += 1;
  store = await openStore(`queue-${run}`);
});
afterEach(() => store.close());

const answer = (over: Partial<Answer> = {}): Answer => ({
  id: '7', number: '371502-2026-000007', state: 'noticed', state_title: '已拍照', closed: false, title: '违法停车', where: '柳园路', ...over,
});

const command = (key: string, matter: string, act: string) => ({
  key, matter, act, procedure: 'streets.parking', observed_at: '2026-03-02T01:00:00Z', values: {}, evidence: [],
});

function transport(send: (c: QueuedCommand) => ReturnType<Transport['send']>, uploads: string[] = []): Transport {
  return { upload: async (_blob, sha) => void uploads.push(sha), send };
}

describe('the queue of a phone', () => {
  it('sends in the order of the street, and keeps what was answered', async () => {
    await enqueue(store, command('a', 'a', 'record'), []);
    await enqueue(store, command('b', 'a', 'gone'), []);
    const sent: string[] = [];
    const n = await sync(store, transport(async (c) => { sent.push(c.act); return { ok: true, answer: answer({ state: c.act }) }; }));
    expect([n, sent]).toEqual([2, ['record', 'gone']]);
    expect((await store.get('matters', 'a'))?.number).toBe('371502-2026-000007');
    expect(await pending(store)).toEqual([]);
  });

  it('keeps everything when the network is away, and sends the same key again', async () => {
    await enqueue(store, command('a', 'a', 'record'), []);
    const keys: string[] = [];
    const broken = transport(async (c) => { keys.push(c.key); throw new TypeError('no network'); });
    await expect(sync(store, broken)).rejects.toThrow('no network');
    expect((await pending(store)).map((c) => [c.key, c.status, c.attempts])).toEqual([['a', 'waiting', 1]]);
    await sync(store, transport(async (c) => { keys.push(c.key); return { ok: true, answer: answer() }; }));
    expect(keys).toEqual(['a', 'a']);
  });

  it('shows a refusal and never drops it; other matters go on', async () => {
    await enqueue(store, command('a', 'a', 'record'), []);
    await enqueue(store, command('b', 'a', 'gone'), []);
    await enqueue(store, command('c', 'c', 'record'), []);
    await sync(store, transport(async (c) =>
      c.key === 'a' ? { ok: false, reasons: [{ code: 'value.required', text: '请填写“号牌”。' }] } : { ok: true, answer: answer() }));
    const all = await store.getAllFromIndex('commands', 'order');
    expect(all.map((c) => [c.key, c.status])).toEqual([['a', 'refused'], ['b', 'refused'], ['c', 'accepted']]);
    expect(all[1]?.reasons[0]).toEqual({ code: 'queue.opening_refused', text: '请填写“号牌”。' });
  });

  it('uploads a photograph once, before the command that names it, and lets it go afterwards', async () => {
    const sha256 = 'f'.repeat(64);
    const piece = { set: 'first', sha256, taken_at: '2026-03-02T01:00:00Z', kind: 'photo' as const, panorama: true, plate_legible: true };
    await enqueue(store, { ...command('a', 'a', 'record'), evidence: [piece] }, [{ sha256, blob: new Blob(['x']), taken_at: piece.taken_at, uploaded: false }]);
    const uploads: string[] = [];
    await expect(sync(store, transport(async () => { throw new TypeError('cut'); }, uploads))).rejects.toThrow();
    await sync(store, transport(async () => ({ ok: true, answer: answer() }), uploads));
    expect(uploads).toEqual([sha256]);
    expect(await store.get('photos', sha256)).toBeUndefined();
  });
});

describe('what the server says', () => {
  const reply = (status: number, body: unknown) => (async () => new Response(JSON.stringify(body), { status })) as typeof fetch;
  const queued: QueuedCommand = { ...command('b', 'a', 'gone'), order: 2, status: 'waiting', attempts: 0, reasons: [] };

  it('is a refusal with all reasons for a problem document', async () => {
    const sent = await serverTransport(() => 't', reply(422, { reasons: [{ code: 'state.wrong', text: 'x' }] })).send(queued, undefined);
    expect(sent).toEqual({ ok: false, reasons: [{ code: 'state.wrong', text: 'x' }] });
  });
  it('is a reason to wait for a busy or broken server, never a refusal', async () => {
    for (const status of [409, 429, 500, 503]) {
      await expect(serverTransport(() => 't', reply(status, {})).send(queued, undefined)).rejects.toThrow(String(status));
    }
  });
  it('asks for sign-in without losing anything', async () => {
    await expect(serverTransport(() => 't', reply(401, {})).send(queued, undefined)).rejects.toBeInstanceOf(SignInNeeded);
  });
  it('names a matter that has no number yet by its opening key', async () => {
    let url = '';
    const fetcher = (async (path: string) => { url = path; return new Response(JSON.stringify(answer())); }) as unknown as typeof fetch;
    await serverTransport(() => 't', fetcher).send(queued, undefined);
    expect(url).toBe('/api/matters/key%3Aa/actions/gone');
  });
});
