import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { enqueue, openStore, pending, putAway, tidy, type LocalMatter, type QueuedCommand, type Store } from '../src/field/store';
import { serverTransport, sync as syncFor, SignInNeeded, Turned, type Answer, type Transport } from '../src/field/sync';

let store: Store;
let run = 0;
const sync = (from: Store, transport: Transport, account = 'li') => syncFor(from, transport, account);

beforeEach(async () => {
  run += 1;
  store = await openStore(`queue-${run}`);
});
afterEach(() => store.close());

const answer = (over: Partial<Answer> = {}): Answer => ({
  id: '7', number: '371502-2026-000007', state: { code: 'noticed', title: '已拍照' }, seq: 1, deadlines: [], ...over,
});

const command = (key: string, matter: string, act: string, account = 'li') => ({
  key, matter, act, account, procedure: 'streets.parking', observed_at: '2026-03-02T01:00:00Z', values: {}, evidence: [],
});

function transport(send: (c: QueuedCommand) => ReturnType<Transport['send']>, uploads: string[] = []): Transport {
  return { upload: async (_blob, sha) => void uploads.push(sha), send };
}

describe('the queue of a phone', () => {
  it('sends in the order of the street, and keeps what was answered', async () => {
    await enqueue(store, command('a', 'a', 'record'), []);
    await enqueue(store, command('b', 'a', 'gone'), []);
    const sent: string[] = [];
    const n = await sync(store, transport(async (c) => { sent.push(c.act); return { ok: true, answer: answer({ state: { code: c.act, title: c.act } }) }; }));
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
    const piece = { set: 'first', sha256, taken_at: '2026-03-02T01:00:00Z', panorama: true, plate_legible: true, located: true, lon: 115.98, lat: 36.45 };
    await enqueue(store, { ...command('a', 'a', 'record'), evidence: [piece] }, [{ sha256, blob: new Blob(['x']), taken_at: piece.taken_at, uploaded: false }]);
    const uploads: string[] = [];
    await expect(sync(store, transport(async () => { throw new TypeError('cut'); }, uploads))).rejects.toThrow();
    await sync(store, transport(async () => ({ ok: true, answer: answer() }), uploads));
    expect(uploads).toEqual([sha256]);
    expect(await store.get('photos', sha256)).toBeUndefined();
  });
});

describe('whose queue it is', () => {
  it('never sends one officer’s record under another’s sign-in', async () => {
    await enqueue(store, command('a', 'a', 'record', 'li'), []);
    await enqueue(store, command('b', 'b', 'record', 'wang'), []);
    const sent: string[] = [];
    await sync(store, transport(async (c) => { sent.push(c.key); return { ok: true, answer: answer() }; }), 'wang');
    expect(sent).toEqual(['b']);
    expect((await pending(store)).map((c) => c.key)).toEqual(['a']);
  });

  it('keeps a photograph that the server turned down beside its reason', async () => {
    const sha256 = 'e'.repeat(64);
    const piece = { set: 'first', sha256, taken_at: '2026-03-02T01:00:00Z', panorama: true, plate_legible: true, located: false };
    await enqueue(store, { ...command('a', 'a', 'record'), evidence: [piece] }, [{ sha256, blob: new Blob(['x']), taken_at: piece.taken_at, uploaded: false }]);
    const turned: Transport = { upload: async () => { throw new Turned([{ code: 'evidence.digest', text: '文件与摘要不符' }]); }, send: async () => { throw new Error('not reached'); } };
    expect(await sync(store, turned)).toBe(1);
    const [kept] = await store.getAllFromIndex('commands', 'order');
    expect([kept?.status, kept?.reasons[0]?.code]).toEqual(['refused', 'evidence.digest']);
    expect(await store.get('photos', sha256)).toBeDefined();
  });

  it('forgets what is settled after a week, and a refusal only once it was read', async () => {
    await enqueue(store, command('a', 'a', 'record'), []);
    await enqueue(store, command('b', 'b', 'record'), []);
    await sync(store, transport(async (c) => (c.key === 'a' ? { ok: true, answer: answer() } : { ok: false, reasons: [{ code: 'x', text: 'x' }] })));
    const later = Date.parse('2026-03-20T01:00:00Z');
    await tidy(store, later);
    expect((await store.getAllKeys('commands'))).toEqual(['b']);
    await putAway(store, 'b');
    await tidy(store, later);
    expect(await store.getAllKeys('commands')).toEqual([]);
  });
});

describe('what the server says', () => {
  const reply = (status: number, body: unknown) => (async () => new Response(JSON.stringify(body), { status })) as typeof fetch;
  const known = { id: '7' } as LocalMatter;
  const queued: QueuedCommand = { ...command('b', 'a', 'gone'), order: 2, status: 'waiting', attempts: 0, reasons: [], away: false };

  it('is a refusal with all reasons for a problem document', async () => {
    const sent = await serverTransport(() => 't', reply(422, { reasons: [{ code: 'state.wrong', text: 'x' }] })).send(queued, known);
    expect(sent).toEqual({ ok: false, reasons: [{ code: 'state.wrong', text: 'x' }] });
  });
  it('is a reason to wait for a busy or broken server, never a refusal', async () => {
    for (const status of [409, 429, 500, 503]) {
      await expect(serverTransport(() => 't', reply(status, {})).send(queued, known)).rejects.toThrow(String(status));
    }
  });
  it('asks for sign-in without losing anything', async () => {
    await expect(serverTransport(() => 't', reply(401, {})).send(queued, known)).rejects.toBeInstanceOf(SignInNeeded);
  });
  it('takes a conflict with reasons for a refusal', async () => {
    const sent = await serverTransport(() => 't', reply(409, { reasons: [{ code: 'state.closed', text: 'x' }] })).send(queued, undefined).catch(() => 'threw');
    expect(sent).toBe('threw'); // no id yet: not sent at all
    expect(await serverTransport(() => 't', reply(409, { reasons: [{ code: 'state.closed', text: 'x' }] })).send(queued, known)).toEqual({
      ok: false, reasons: [{ code: 'state.closed', text: 'x' }],
    });
  });
  it('is asked at the address of the contract, with the body of the contract', async () => {
    const asked: { url: string; init: RequestInit }[] = [];
    const fetcher = (async (url: string, init: RequestInit) => {
      asked.push({ url, init });
      return new Response(JSON.stringify(answer()));
    }) as unknown as typeof fetch;
    await serverTransport(() => 't', fetcher).send(queued, { id: '7' } as LocalMatter);
    await serverTransport(() => 't', fetcher).send({ ...queued, key: 'a', act: 'record' }, undefined);
    expect(asked.map((a) => a.url)).toEqual(['/api/matters/7/actions/gone', '/api/matters']);
    expect((asked[1]?.init.headers as Record<string, string>)['Idempotency-Key']).toBe('a');
    expect(JSON.parse(String(asked[1]?.init.body))).toEqual({
      procedure: 'streets.parking', action: 'record', observed_at: '2026-03-02T01:00:00Z', values: {}, evidence: [], checks: [], officers: [], present: [],
    });
  });
});
