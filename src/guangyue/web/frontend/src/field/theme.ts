// Light, dark, or as the device says: the house's cookie, so that the console on the same machine agrees.

const YEAR = 365 * 24 * 3600;

function kept(): string | undefined {
  return /(?:^|; )theme=(light|dark)/.exec(document.cookie)?.[1];
}

export function applyTheme(): void {
  const choice = kept();
  if (choice) document.documentElement.dataset['theme'] = choice;
}

/** The other one, from now on. */
export function flipTheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const current = document.documentElement.dataset['theme'] ?? (dark ? 'dark' : 'light');
  const next = current === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset['theme'] = next;
  document.cookie = `theme=${next}; path=/; max-age=${YEAR}; samesite=lax`;
}
