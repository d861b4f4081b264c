/** Whether a post came from a page of ours, as the browser says and no page can forge. Source: OWASP CSRF Cheat Sheet. */

/** `Origin` is the one our pages have; a browser that sends none must say `Sec-Fetch-Site: same-origin`. */
export function isFromOwnPage(headers: Headers, ownOrigin: string): boolean {
  const origin = headers.get('origin');
  return origin === null ? headers.get('sec-fetch-site') === 'same-origin' : origin === ownOrigin;
}
