// Plates as an officer types them: province, office letter, serial. The server judges again (GA 36); this only helps.

export const PROVINCES = [...'鲁京津冀晋蒙辽吉黑沪苏浙皖闽赣豫鄂湘粤桂琼渝川贵云藏陕甘青宁新'];
export const DIGITS = [...'1234567890'];
export const LETTERS = [...'QWERTYUPASDFGHJKLZXCVBNM'];
export const ENDINGS = [...'挂学警港澳领'];

const HEAD = `[${PROVINCES.join('')}][A-HJ-Z]`;
const SHAPES = [
  `${HEAD}[0-9A-HJ-NP-Z]{5}`,
  `${HEAD}[A-HJK][0-9A-HJ-NP-Z][0-9]{4}`,
  `${HEAD}[0-9]{5}[A-HJK]`,
  `${HEAD}[0-9A-HJ-NP-Z]{4}[挂学警]`,
  '粤Z[0-9A-HJ-NP-Z]{4}[港澳]',
  `[${PROVINCES.join('')}][A-HJ-Z]?[0-9]{4,5}领`,
].map((shape) => new RegExp(`^${shape}$`));

/** Without separators, in capitals. */
export function squeeze(text: string): string {
  return text.toUpperCase().replace(/[\s·.•-]/g, '');
}

/** Whether a plate can exist. Ordinary serials carry at most two letters. */
export function plausible(text: string): boolean {
  const value = squeeze(text);
  if (!SHAPES.some((shape) => shape.test(value))) return false;
  const ordinary = value.length === 7 && /^[0-9A-Z]{5}$/.test(value.slice(2));
  return !ordinary || value.slice(2).replace(/[^A-Z]/g, '').length <= 2;
}

/** As painted: with the dot behind the office letter. */
export function spaced(value: string): string {
  return /^[^0-9使]/.test(value) && value.length > 2 ? `${value.slice(0, 2)}·${value.slice(2)}` : value;
}

/** New-energy plates have eight characters, all others seven. */
export const LONGEST = 8;

export interface Reading {
  plate: string;
  score: number;
}

export type ReadAnswer = { plates: Reading[] } | { missing: string };

/** Asks the server what it reads in a photograph; nothing when it cannot be asked. A reading is a suggestion, no more. */
export async function read(photo: Blob, csrf: string, fetcher: typeof fetch = fetch): Promise<ReadAnswer | undefined> {
  try {
    const answer = await fetcher('/field/plate', {
      method: 'POST',
      headers: { 'Content-Type': photo.type || 'image/jpeg', 'X-CSRFToken': csrf },
      body: photo,
    });
    const said = (await answer.json()) as { plates?: Reading[]; title?: string };
    if (answer.ok && said.plates) return { plates: said.plates };
    return answer.status === 501 && said.title ? { missing: said.title } : undefined;
  } catch {
    return undefined;
  }
}
