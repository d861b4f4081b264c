/** Where the browser is that the pages are tried in. */
import { existsSync } from 'node:fs';

/** Debian's packages. The shell is the same engine without windows, and takes half the time. */
const DEBIAN = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/** What `CHROMIUM` names, else Debian's; undefined where there is none. */
export function findChromium(): string | undefined {
  return process.env['CHROMIUM'] ?? DEBIAN.find((path) => existsSync(path));
}
