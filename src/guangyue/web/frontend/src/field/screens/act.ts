// Doing an act: photographs first where the declaration wants them, then its questions, then the queue. A draft survives
// the phone's closing the app at any moment.

import type { App } from '../app';
import { locate, sha256 as digestOf, take } from '../capture';
import { h, icon } from '../dom';
import { plausible, read, spaced, squeeze, type ReadAnswer } from '../plates';
import { plateQuestion, slots, standing, type Act, type Slot } from '../procedures';
import { enqueue, type Draft, type Extra, type LocalMatter, type Piece, type Position, type QueuedCommand } from '../store';
import type { Note } from '../voice';
import { say, t } from '../words';
import { earlier, extras, voicePad } from './extras';
import { answers } from './form';
import { many } from './many';
import { toast, type Screen } from './frame';
import { LAST, naming } from './mine';
import { viewfinder } from './viewfinder';

interface Taken {
  piece: Piece;
  blob: Blob;
  url: string;
  slot: Slot | undefined;
}

export async function actScreen(app: App, procedureCode: string, actCode: string, matterKey: string, again: string): Promise<Screen> {
  const procedure = app.procedure(procedureCode);
  const act = procedure?.acts.find((a) => a.code === actCode);
  const matter = matterKey ? await app.store.get('matters', matterKey) : undefined;
  const home = matterKey ? `#/m/${encodeURIComponent(matterKey)}` : '#/';
  if (!procedure || !act) return { title: t('mine'), body: h('p', {}, t('no_acts')), back: home };
  const doing = new Doing(app, procedureCode, act, matter, home);
  await doing.restore(again);
  return doing.screen();
}

class Doing {
  private readonly shots: Taken[] = [];
  private readonly wanted: Slot[];
  private values: Record<string, unknown> = {};
  private extra: Extra = { checks: [], present: [], officers: [] };
  private fix: Position | undefined;
  private fixing: Promise<void> | undefined;
  private reading: ReadAnswer | undefined;
  private readingNow = false;
  private again = '';
  private queued: QueuedCommand[] = [];
  private inHand: LocalMatter[] = [];
  private readonly host = h('div', { class: 'doing' });
  private leaving: (() => void) | undefined;
  private readonly draftName: string;

  constructor(
    private readonly app: App,
    private readonly procedureCode: string,
    private readonly act: Act,
    private readonly matter: LocalMatter | undefined,
    private readonly home: string,
  ) {
    this.wanted = slots(act);
    this.draftName = `${procedureCode}/${act.code}/${matter?.key ?? ''}`;
    if (this.needsPlace()) this.locate();
  }

  private needsPlace(): boolean {
    return this.act.evidence.some((e) => e.located) || this.act.form.some((q) => q.kind === 'place');
  }

  private locate(): void {
    this.fixing = locate().then((fix) => {
      if (fix) this.fix = fix;
      this.fixing = undefined;
      document.dispatchEvent(new CustomEvent('guangyue:fix'));
    });
  }

  /** What was begun before: a draft, or a refused command to be corrected. */
  async restore(again: string): Promise<void> {
    const refused = again ? await this.app.store.get('commands', again) : undefined;
    const draft = refused
      ? { values: refused.values, extra: { checks: refused.checks ?? [], present: refused.present ?? [], officers: refused.officers ?? [], assign: refused.assign, items: refused.items, related: refused.related } as Extra, shots: refused.evidence.map((piece) => ({ sha256: piece.sha256, piece })) }
      : await this.app.store.get('drafts', this.draftName);
    this.again = again;
    if (this.act.belongs) this.inHand = await this.app.store.getAll('matters');
    if (this.matter) this.queued = await this.app.store.getAllFromIndex('commands', 'matter', this.matter.key);
    if (!draft) return;
    this.values = { ...draft.values };
    if (draft.extra) this.extra = draft.extra;
    for (const { sha256, piece } of draft.shots) {
      const photo = await this.app.store.get('photos', sha256);
      if (photo) this.add(piece, photo.blob);
    }
    if (refused?.position) this.fix = refused.position;
  }

  screen(): Screen {
    if (this.open().length && this.wanted.length) this.showFinder();
    else this.showForm();
    return { title: say(this.act.title), body: this.host, full: true, leave: () => this.leave() };
  }

  private leave(): void {
    this.leaving?.();
    this.shots.forEach((s) => URL.revokeObjectURL(s.url));
  }

  private open(): Slot[] {
    const filled = new Set(this.shots.map((s) => s.slot));
    return this.wanted.filter((s) => !filled.has(s));
  }

  private add(piece: Piece, blob: Blob): Taken {
    const slot = piece.until ? undefined : this.open().find((s) => s.rule.code === piece.set && s.panorama === piece.panorama) ?? this.open().find((s) => s.rule.code === piece.set);
    const taken = { piece, blob, url: URL.createObjectURL(blob), slot };
    this.shots.push(taken);
    return taken;
  }

  private async keep(): Promise<void> {
    const draft: Draft = { name: this.draftName, values: this.values, extra: this.extra, shots: this.shots.map(({ piece }) => ({ sha256: piece.sha256, piece })), at: new Date(this.app.now()).toISOString() };
    await this.app.store.put('drafts', draft);
  }

  // ---- photographs ----

  private showFinder(): void {
    this.leaving?.();
    const finder = viewfinder(
      () => ({ slot: this.open()[0], index: this.wanted.length - this.open().length, total: this.wanted.length }),
      () => this.shots.map((s, i) => ({ url: s.url, retake: () => void this.shots.splice(i, 1) })),
      (picture, drawn) => this.photographed(picture, drawn),
      { next: () => this.showForm(), cancel: this.home, ready: () => this.shots.length > 0 && this.open().length === 0 },
    );
    this.leaving = () => finder.close();
    this.host.replaceChildren(finder.element);
  }

  private async photographed(picture: Blob, drawn: boolean): Promise<void> {
    const slot = this.open()[0];
    const rule = slot?.rule ?? this.act.evidence[0];
    if (!rule) return;
    const at = new Date(this.app.now());
    if (!this.fix && rule.located && this.fixing) await Promise.race([this.fixing, new Promise((resolve) => setTimeout(resolve, 1500))]);
    const shot = await take(picture, { set: rule.code, panorama: slot?.panorama ?? false, plate_legible: slot?.plate ?? false }, at, this.fix, drawn);
    await this.app.store.put('photos', shot.photo);
    this.add(shot.piece, shot.photo.blob);
    await this.keep();
    if (slot?.plate) this.readPlate(shot.photo.blob);
    if (!this.open().length) this.showForm();
  }

  private readPlate(blob: Blob): void {
    if (!this.app.online || !this.app.bundle?.plates) return;
    this.readingNow = true;
    void read(blob, this.app.bundle.csrf).then((answer) => {
      this.reading = answer;
      this.readingNow = false;
      document.dispatchEvent(new CustomEvent('guangyue:reading'));
    });
  }

  // ---- the form ----

  private showForm(): void {
    this.leaving?.();
    const question = plateQuestion(this.act);
    if (question && !this.values[question.name] && !this.matter) this.values[question.name] = this.app.bundle?.plate_head ?? '';
    const recent = JSON.parse(localStorage.getItem('guangyue.recent') ?? '{}') as Record<string, string[]>;
    const problems = h('div', { class: 'problems', role: 'alert' });
    const hint = h('div', { class: 'hint-line', role: 'status' });
    const place = h('p', { class: 'place', role: 'status' });
    const submit = h('button', { type: 'button', class: 'button primary wide' }, icon('check'), this.matter || !this.act.opens ? say(this.act.title) : t('submit'));
    let checked = '';

    const form = answers(this.act.form, this.values, recent, () => {
      this.values = form.values();
      void this.keep();
      drawHint();
    });
    const drawHint = () => {
      hint.replaceChildren();
      if (!question || !form.pad) return;
      const typed = form.pad.value();
      const found = this.reading && 'plates' in this.reading ? this.reading.plates[0]?.plate : undefined;
      if (this.readingNow) hint.append(h('p', { class: 'note' }, t('reading')));
      else if (this.reading && 'missing' in this.reading) hint.append(h('p', { class: 'note' }, this.reading.missing));
      else if (this.reading && !found) hint.append(h('p', { class: 'note' }, t('no_reading')));
      else if (found && typed === found) hint.append(h('p', { class: 'note good' }, `${spaced(found)} · ${t('same')}`));
      else if (found && plausible(typed)) {
        const mine = h('button', { type: 'button', class: 'button', click: () => { checked = typed; drawHint(); } }, t('mine_counts'));
        hint.append(h('div', { class: 'note low' }, h('p', {}, t('differs', { plate: spaced(found) })), checked === typed ? h('p', {}, `✓ ${t('mine_counts')}`) : h('div', { class: 'pair' }, useIt(found), mine)));
      } else if (found) hint.append(h('div', { class: 'note' }, h('p', {}, t('read_as', { plate: spaced(found) })), useIt(found)));
    };
    const useIt = (plate: string) => h('button', { type: 'button', class: 'button', click: () => { form.pad?.set(plate); drawHint(); } }, t('use_it'));
    const drawPlace = () => {
      place.replaceChildren(icon('pin'), this.fix ? t('located', { m: this.fix.accuracy_m }) : this.fixing ? t('locating') : t('not_located'));
      if (!this.fix && !this.fixing) place.append(h('button', { type: 'button', class: 'button quiet', click: () => { this.locate(); drawPlace(); } }, t('locate_again')));
    };
    const differs = () => {
      const found = this.reading && 'plates' in this.reading ? this.reading.plates[0]?.plate : undefined;
      const typed = form.pad?.value() ?? '';
      return found !== undefined && typed !== found && checked !== typed ? found : undefined;
    };
    submit.addEventListener('click', () => {
      const said = this.problems([...form.missing().map((q) => t('required', { title: say(q.title) })), ...more.missing(), ...lists.missing()], form.pad?.value(), differs());
      problems.replaceChildren(...said.map((text) => h('p', { class: 'wrong' }, text)));
      if (said.length) problems.scrollIntoView({ block: 'nearest' });
      else {
        submit.disabled = true;
        void this.send(form.values());
      }
    });
    const more = extras(this.app, this.act, this.extra, () => void this.keep());
    const lists = many(this.act, this.extra, this.inHand, () => void this.keep());
    const voices = (this.act.recordings ?? []).map((rule) => voicePad(this.app, rule.title, (note) => this.spoken(rule.code, note), () => this.spokenIn(rule.code)));
    document.addEventListener('guangyue:fix', drawPlace);
    document.addEventListener('guangyue:reading', drawHint);
    this.leaving = () => {
      voices.forEach((v) => v.close());
      document.removeEventListener('guangyue:fix', drawPlace);
      document.removeEventListener('guangyue:reading', drawHint);
    };
    const strip = h('div', { class: 'strip' }, ...this.shots.filter((s) => !s.piece.until).map((s, i) => h('img', { src: s.url, alt: t('photo_alt', { i: i + 1 }), class: s.piece.plate_legible ? 'close-up' : '' })));
    if (this.wanted.length) strip.append(h('button', { type: 'button', class: 'thumbnail add', 'aria-label': t('add_photo'), click: () => this.showFinder() }, icon('camera')));
    drawHint();
    drawPlace();
    this.host.replaceChildren(
      h('div', { class: 'frame footed' },
        h('header', { class: 'top' }, h('a', { class: 'back', href: this.home, 'aria-label': t('cancel') }, icon('back')), h('h1', { class: 'heading', tabindex: -1 }, say(this.act.title))),
        h('main', { id: 'main' }, h('div', { class: 'stack' },
          this.matter ? h('p', { class: 'name plate big' }, naming(this.matter.title)) : null,
          this.matter ? h('p', { class: 'where' }, this.matter.where) : null,
          this.wanted.length ? strip : null, this.needsPlace() ? place : null, hint,
          earlier(this.app, this.act, this.matter?.id), form.element, lists.element, more.element, ...voices.map((v) => v.element),
          this.then(),
          this.act.law ? h('p', { class: 'soft' }, t('law', { law: say(this.act.law) })) : null)),
        h('footer', { class: 'bottom' }, h('div', { class: 'thumb' }, problems, submit))),
    );
  }

  private async spoken(set: string, note: Note): Promise<void> {
    const sha256 = await digestOf(note.wav);
    const where = this.fix ? { lon: this.fix.lon, lat: this.fix.lat } : {};
    const piece: Piece = { set, sha256, taken_at: note.from.toISOString(), until: note.until.toISOString(), panorama: false, plate_legible: false, located: this.fix !== undefined, ...where };
    await this.app.store.put('photos', { sha256, blob: note.wav, taken_at: piece.taken_at, uploaded: false });
    this.shots.push({ piece, blob: note.wav, url: URL.createObjectURL(note.wav), slot: undefined });
    await this.keep();
  }

  private spokenIn(set: string): { url: string; drop: () => void }[] {
    return this.shots
      .filter((s) => s.piece.set === set && s.piece.until)
      .map((s) => ({ url: s.url, drop: () => { this.shots.splice(this.shots.indexOf(s), 1); void this.keep(); } }));
  }

  /** What the act makes of a matter that already is one. */
  private then(): HTMLElement | null {
    if (!this.matter) return null;
    const procedure = this.app.procedure(this.procedureCode);
    const at = standing(procedure, this.matter, this.queued, this.app.now());
    const next = procedure?.states[this.act.moves[at.state] ?? '']?.title;
    const before = procedure?.states[at.state]?.title;
    return next ? h('div', { class: 'then' }, h('span', { class: 'soft' }, t('becomes')), h('span', { class: 'state' }, say(before)), h('span', { class: 'state done' }, say(next))) : null;
  }

  /** What the phone can say beforehand; the server judges all of it again. */
  private problems(said: string[], plate: string | undefined, differs: string | undefined): string[] {
    const missing = this.open().length;
    if (missing) said.push(t('need_photos', { n: missing }));
    if (this.act.evidence.some((e) => e.located) && this.shots.some((s) => !s.piece.located && !s.piece.until)) said.push(t('need_place'));
    if (plate && !plausible(plate)) said.push(t('impossible'));
    if (differs) said.push(t('differs', { plate: spaced(differs) }));
    return said;
  }

  private async send(values: Record<string, unknown>): Promise<void> {
    const key = crypto.randomUUID();
    const opens = Boolean(this.act.opens);
    const question = plateQuestion(this.act);
    const plate = question ? squeeze(String(values[question.name] ?? '')) : '';
    const last = this.shots.filter((s) => !s.piece.until).reduce((at, s) => (s.piece.taken_at > at ? s.piece.taken_at : at), '');
    // What was photographed was observed then, even when the form took a while.
    const observed = last || new Date(this.app.now()).toISOString();
    const words = this.act.form.filter((q) => q.kind === 'text').map((q) => String(values[q.name] ?? '')).filter(Boolean);
    const matter: LocalMatter | undefined = opens
      ? { key, account: this.app.account, procedure: this.procedureCode, title: plate || words[0] || say(this.act.title), where: (plate ? words[0] : words[1]) ?? '', state: this.act.opens, closed: false, clocks: [], papers: [], opened_at: observed }
      : undefined;
    await enqueue(
      this.app.store,
      { key, matter: this.matter?.key ?? key, account: this.app.account, procedure: this.procedureCode, act: this.act.code, observed_at: observed, values: question ? { ...values, [question.name]: plate } : values, evidence: this.shots.map((s) => s.piece), ...this.extra, ...(this.fix ? { position: this.fix } : {}) },
      [],
      matter,
    );
    remember(this.act, values);
    if (opens) localStorage.setItem(LAST, this.procedureCode);
    await this.app.store.delete('drafts', this.draftName);
    if (this.again) {
      const old = await this.app.store.get('commands', this.again);
      if (old) await this.app.store.put('commands', { ...old, away: true });
    }
    toast(this.app.online ? t('kept_sent') : t('kept_offline'));
    location.hash = this.matter ? this.home : '#/';
    void this.app.refresh();
  }
}

/** The last words used for each text, on this phone only. */
function remember(act: Act, values: Record<string, unknown>): void {
  const recent = JSON.parse(localStorage.getItem('guangyue.recent') ?? '{}') as Record<string, string[]>;
  for (const q of act.form) {
    const said = values[q.name];
    if (q.kind === 'text' && typeof said === 'string' && said) recent[q.name] = [said, ...(recent[q.name] ?? []).filter((w) => w !== said)].slice(0, 5);
  }
  localStorage.setItem('guangyue.recent', JSON.stringify(recent));
}
