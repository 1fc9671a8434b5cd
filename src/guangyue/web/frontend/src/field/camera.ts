// The viewfinder: the back camera, live, so that two photographs take two taps.

const WIDE = 1920;
const QUALITY = 0.85;

export class Camera {
  private stream: MediaStream | undefined;

  constructor(readonly video: HTMLVideoElement) {}

  /** Opens the back camera; false where there is none or it was refused. */
  async start(): Promise<boolean> {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: { ideal: 'environment' }, width: { ideal: WIDE }, height: { ideal: Math.round((WIDE * 3) / 4) } },
      });
      this.video.srcObject = this.stream;
      await this.video.play();
      return true;
    } catch {
      this.stop();
      return false;
    }
  }

  /** The picture in the viewfinder now. */
  shoot(): Promise<Blob> {
    const canvas = document.createElement('canvas');
    canvas.width = this.video.videoWidth;
    canvas.height = this.video.videoHeight;
    canvas.getContext('2d')?.drawImage(this.video, 0, 0);
    return new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/jpeg', QUALITY);
    });
  }

  stop(): void {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = undefined;
    this.video.srcObject = null;
  }
}
