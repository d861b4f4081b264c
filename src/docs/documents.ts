/**
 * The documents of this site, in the order a developer reads them; each is docs/{slug}.md of the repository. The Worker has
 * of this only the types and the address: it reads the list as the build wrote it.
 */

export interface DocumentEntry {
  readonly slug: string;
  /** As navigation shows it. */
  readonly title: string;
  /** One sentence, for lists of documents. */
  readonly summary: string;
}

export const DOCUMENTS = [
  {
    slug: 'getting-started',
    title: 'Getting started',
    summary: 'From nothing to the first account list, by copy and paste, in a few minutes.',
  },
  {
    slug: 'dashboard',
    title: 'Dashboard',
    summary: 'Your applications, API keys, request log and colleagues, in one place.',
  },
  {
    slug: 'authentication',
    title: 'Authentication',
    summary: 'How your software proves itself, how the customer does, and what the tokens are.',
  },
  {
    slug: 'registration',
    title: 'Registration',
    summary: 'Register, read, change and delete your client with a software statement.',
  },
  {
    slug: 'consents',
    title: 'Consents',
    summary: 'What a customer agrees to: create it, have it authorized, read it, end it.',
  },
  {
    slug: 'accounts',
    title: 'Accounts',
    summary: 'Accounts, balances and transactions: members, filters and paging.',
  },
  {
    slug: 'payments',
    title: 'Payments',
    summary: 'One payment under one consent, at home or abroad, and never twice.',
  },
  {
    slug: 'funds-confirmation',
    title: 'Confirmation of funds',
    summary: 'Whether an account holds enough: yes or no, never how much.',
  },
  {
    slug: 'permissions',
    title: 'Permissions',
    summary: 'What each permission opens, and the words your customers read.',
  },
  {
    slug: 'access',
    title: 'What customers see',
    summary: 'Where your customers see and end what they gave you, and what it means for you.',
  },
  {
    slug: 'errors',
    title: 'Errors',
    summary: 'Every error code: when it happens, and what to do about it.',
  },
  {
    slug: 'sandbox',
    title: 'Sandbox',
    summary: 'Test customers, test accounts, software statements, and consents without a browser.',
  },
] as const satisfies readonly DocumentEntry[];

/** A document as the build rendered it; `scripts/build-docs.mjs` writes it. */
export interface RenderedDocument {
  readonly title: string;
  readonly html: string;
  /** Its sections, for navigation. */
  readonly sections: readonly { readonly id: string; readonly title: string }[];
}

/** What the documents and the OpenAPI document call the bank's address: that of a local sandbox, so that they work as they stand. */
export const WRITTEN_BASE_URL = 'http://localhost:8787';
