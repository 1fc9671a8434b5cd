// A voice note: recorded by whatever this phone can, kept as plain WAV (16 kHz, mono), which every archive reads and checks.

const RATE = 16_000;
const HEAD = 44;
/** Seconds after which a note ends by itself. */
export const LONGEST = 120;

export interface Note {
  wav: Blob;
  seconds: number;
  from: Date;
  until: Date;
}

/** 16-bit PCM as a WAV file. */
export function wav(samples: Float32Array, rate = RATE): Blob {
  const bytes = new DataView(new ArrayBuffer(HEAD + samples.length * 2));
  const word = (at: number, text: string) => [...text].forEach((c, i) => bytes.setUint8(at + i, c.charCodeAt(0)));
  word(0, 'RIFF');
  bytes.setUint32(4, 36 + samples.length * 2, true);
  word(8, 'WAVEfmt ');
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, rate, true);
  bytes.setUint32(28, rate * 2, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  word(36, 'data');
  bytes.setUint32(40, samples.length * 2, true);
  samples.forEach((s, i) => bytes.setInt16(HEAD + i * 2, Math.round(Math.max(-1, Math.min(1, s)) * 0x7fff), true));
  return new Blob([bytes.buffer as ArrayBuffer], { type: 'audio/wav' });
}

async function plain(recorded: Blob): Promise<Blob> {
  const context = new AudioContext();
  try {
    const heard = await context.decodeAudioData(await recorded.arrayBuffer());
    const offline = new OfflineAudioContext(1, Math.max(1, Math.ceil(heard.duration * RATE)), RATE);
    const source = offline.createBufferSource();
    source.buffer = heard;
    source.connect(offline.destination);
    source.start();
    return wav((await offline.startRendering()).getChannelData(0));
  } finally {
    void context.close();
  }
}

export class Voice {
  private recorder: MediaRecorder | undefined;
  private parts: Blob[] = [];
  private from = new Date();

  constructor(private readonly now: () => number) {}

  get running(): boolean {
    return this.recorder?.state === 'recording';
  }

  get seconds(): number {
    return this.running ? Math.round((this.now() - this.from.getTime()) / 1000) : 0;
  }

  /** Begins; false where there is no microphone or it was refused. */
  async start(): Promise<boolean> {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      this.parts = [];
      this.recorder = new MediaRecorder(stream);
      this.recorder.addEventListener('dataavailable', (event) => this.parts.push(event.data));
      this.recorder.start(1000);
      this.from = new Date(this.now());
      return true;
    } catch {
      return false;
    }
  }

  /** Ends; the note with the time it was spoken. */
  async stop(): Promise<Note | undefined> {
    const recorder = this.recorder;
    if (!recorder || recorder.state === 'inactive') return undefined;
    const ended = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
    recorder.stop();
    const until = new Date(this.now());
    await ended;
    recorder.stream.getTracks().forEach((track) => track.stop());
    const made = await plain(new Blob(this.parts, { type: recorder.mimeType }));
    return { wav: made, seconds: Math.max(1, Math.round((made.size - HEAD) / 2 / RATE)), from: this.from, until };
  }

  /** Lets go of the microphone whatever happens. */
  close(): void {
    this.recorder?.stream.getTracks().forEach((track) => track.stop());
    this.recorder = undefined;
  }
}
