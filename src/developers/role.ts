/** The roles of an organisation's members, and what each may do: the one table that pages, guards and tests go by. */

export const MEMBER_ROLES = ['owner', 'developer', 'viewer'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

/** A role in words, for pages and e-mails. */
export const ROLE_WORDS: Readonly<Record<MemberRole, { readonly name: string; readonly may: string }>> = {
  owner: { name: 'Owner', may: 'change everything, members and the organisation’s name too' },
  developer: { name: 'Developer', may: 'read everything, and change applications and API keys' },
  viewer: { name: 'Viewer', may: 'read everything, change nothing' },
};

const EVERYONE: readonly MemberRole[] = MEMBER_ROLES;
const BUILDERS: readonly MemberRole[] = ['owner', 'developer'];
const OWNERS: readonly MemberRole[] = ['owner'];

/** Who may do what: viewers read, developers change what calls the API, owners change who belongs here. */
export const MEMBER_ACTIONS = {
  /** One's own account and membership: sign-in settings, leaving, making another organisation, switching to it. */
  'account.change': EVERYONE,
  /** The list, one application, and the overview made of them. */
  'applications.read': EVERYONE,
  /** Registering, joining, editing, deleting, and turning the registration token. */
  'applications.change': BUILDERS,
  /** Names, scopes, last uses; no key is ever shown again. */
  'api_keys.read': EVERYONE,
  /** Making, rolling and revoking. */
  'api_keys.change': BUILDERS,
  'requests.read': EVERYONE,
  'usage.read': EVERYONE,
  /** The log and its export. */
  'audit.read': EVERYONE,
  /** Who belongs here, and who is invited. */
  'members.read': EVERYONE,
  /** Roles, removals, invitations. */
  'members.change': OWNERS,
  /** The organisation's name. */
  'organisation.change': OWNERS,
} as const satisfies Record<string, readonly MemberRole[]>;
export type MemberAction = keyof typeof MEMBER_ACTIONS;

/** The roles that an action is open to. */
export function rolesFor(action: MemberAction): readonly MemberRole[] {
  return MEMBER_ACTIONS[action];
}

export function mayDo(role: MemberRole, action: MemberAction): boolean {
  return rolesFor(action).includes(role);
}

export function parseRole(text: string | undefined): MemberRole | undefined {
  return MEMBER_ROLES.find((role) => role === text);
}
