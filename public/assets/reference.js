/** Draws the API reference from the OpenAPI document in the colours of the site, with nothing from elsewhere. Runs before the viewer's own script. */

// The viewer's validator (Zod) tries whether it may evaluate text; our content policy forbids that, so it shall not ask.
globalThis.__zod_globalConfig = { jitless: true };

const customCss = `
  .light-mode, .dark-mode {
    --scalar-font: system-ui, sans-serif;
    --scalar-font-code: var(--mono);
    --scalar-color-1: var(--ink);
    --scalar-color-2: var(--muted);
    --scalar-color-3: var(--muted);
    --scalar-color-accent: var(--primary);
    --scalar-color-green: var(--ok);
    --scalar-color-blue: var(--info);
    --scalar-color-orange: var(--amber);
    --scalar-color-red: var(--danger);
    --scalar-background-1: var(--bg);
    --scalar-background-2: var(--surface);
    --scalar-background-3: var(--tint);
    --scalar-background-accent: var(--tint);
    --scalar-border-color: var(--line);
  }
`;

document.addEventListener('DOMContentLoaded', () => {
  window.Scalar.createApiReference('#reference', {
    url: '/openapi.json',
    agent: { disabled: true },
    customCss,
    forceDarkModeState: window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
    hideClientButton: true,
    hideDarkModeToggle: true,
    showDeveloperTools: 'never',
    telemetry: false,
    withDefaultFonts: false,
  });
});
