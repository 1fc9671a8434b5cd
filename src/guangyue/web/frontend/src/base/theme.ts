// Light, dark, or as the device says; remembered on this device only.

const KEY = 'guangyue.theme';

export function applyTheme(): void {
  const kept = localStorage.getItem(KEY);
  if (kept === 'light' || kept === 'dark') document.documentElement.dataset['theme'] = kept;
  document.querySelectorAll<HTMLButtonElement>('[data-theme-switch]').forEach((button) => {
    button.addEventListener('click', () => {
      const dark = matchMedia('(prefers-color-scheme: dark)').matches;
      const current = document.documentElement.dataset['theme'] ?? (dark ? 'dark' : 'light');
      const next = current === 'dark' ? 'light' : 'dark';
      document.documentElement.dataset['theme'] = next;
      localStorage.setItem(KEY, next);
    });
  });
}
