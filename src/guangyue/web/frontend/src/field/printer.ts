// The printer at the belt: bytes from the server to a Bluetooth printer; where the browser has none, a file to share with one.

interface Characteristic {
  writeValueWithoutResponse(value: BufferSource): Promise<void>;
}
interface Device {
  gatt: { connect(): Promise<{ getPrimaryService(id: number): Promise<{ getCharacteristic(id: number): Promise<Characteristic> }> }> };
}
interface Bluetooth {
  requestDevice(options: { filters: { services: number[] }[] }): Promise<Device>;
}

/** The service that Bluetooth receipt printers offer, and where it takes its bytes. */
const SERVICE = 0x18f0;
const WRITE = 0x2af1;
/** Bytes a low-energy packet is sure to carry. */
const PACKET = 120;

let line: Characteristic | undefined;

async function connected(): Promise<Characteristic | undefined> {
  const bluetooth = (navigator as Navigator & { bluetooth?: Bluetooth }).bluetooth;
  if (!bluetooth) return undefined;
  const device = await bluetooth.requestDevice({ filters: [{ services: [SERVICE] }] });
  const service = await (await device.gatt.connect()).getPrimaryService(SERVICE);
  return service.getCharacteristic(WRITE);
}

/** Sends a ticket; `saved` where there was no printer and the file was handed to the phone instead. */
export async function print(address: string): Promise<'printed' | 'saved'> {
  try {
    line ??= await connected();
    if (line) {
      const bytes = new Uint8Array(await (await fetch(address, { cache: 'no-store' })).arrayBuffer());
      for (let at = 0; at < bytes.length; at += PACKET) await line.writeValueWithoutResponse(bytes.subarray(at, at + PACKET));
      return 'printed';
    }
  } catch {
    line = undefined;
  }
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  link.click();
  return 'saved';
}
