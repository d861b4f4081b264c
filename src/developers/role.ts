/** The roles of an organisation's members, and what each may do. */

export const MEMBER_ROLES = ['owner', 'developer', 'viewer'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

const EVERYONE: readonly MemberRole[] = MEMBER_ROLES;
const BUILDERS: readonly MemberRole[] = ['owner', 'developer'];
const OWNERS: readonly MemberRole[] = ['owner'];

/** Who may do what: viewers read, developers change what calls the API, owners change who belongs here. */
export const MEMBER_ACTIONS = {
  'account.change': EVERYONE,
  'applications.read': EVERYONE,
  'applications.change': BUILDERS,
  'api_keys.read': EVERYONE,
  'api_keys.change': BUILDERS,
  'requests.read': EVERYONE,
  'usage.read': EVERYONE,
  'audit.read': EVERYONE,
  'members.read': EVERYONE,
  'members.change': OWNERS,
  'organisation.change': OWNERS,
} as const satisfies Record<string, readonly MemberRole[]>;
export type MemberAction = keyof typeof MEMBER_ACTIONS;

export function mayDo(role: MemberRole, action: MemberAction): boolean {
  const allowed: readonly MemberRole[] = MEMBER_ACTIONS[action];
  return allowed.includes(role);
}
