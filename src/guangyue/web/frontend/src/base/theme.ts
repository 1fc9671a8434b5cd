// Light, dark, or as the device says; remembered on this device only, in the cookie that the server draws the page by.

const YEAR = 365 * 24 * 3600;

export function applyTheme(root: HTMLElement = document.documentElement): void {
  const buttons = document.querySelectorAll<HTMLButtonElement>('[data-theme-choice]');
  buttons.forEach((button) => {
    button.addEventListener('click', (event) => {
      event.preventDefault();
      const choice = button.dataset['themeChoice'] ?? '';
      if (choice) root.dataset['theme'] = choice;
      else delete root.dataset['theme'];
      document.cookie = choice ? `theme=${choice}; path=/; max-age=${YEAR}; samesite=lax` : 'theme=; path=/; max-age=0';
      buttons.forEach((other) => other.setAttribute('aria-pressed', String(other === button)));
      document.dispatchEvent(new CustomEvent('theme'));
    });
  });
}
