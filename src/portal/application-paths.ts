/** Addresses of the pages of applications. */

export const APPLICATIONS_PATH = '/dashboard/applications';
export const JOIN_PATH = `${APPLICATIONS_PATH}/join`;
export const NEW_PATH = `${APPLICATIONS_PATH}/new`;

/** An application's page, or one below it. */
export function applicationPath(clientId: string, page?: 'edit' | 'token' | 'delete' | 'leave'): string {
  return `${APPLICATIONS_PATH}/${clientId}${page === undefined ? '' : `/${page}`}`;
}
