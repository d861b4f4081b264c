/** The sections of docs/dashboard.md, which pages link to by name. */
export type DashboardTopic =
  | 'accounts'
  | 'organisations-and-roles'
  | 'applications'
  | 'api-keys'
  | 'request-log'
  | 'usage'
  | 'audit-log'
  | 'production'
  | 'when-a-page-goes-no-further';
