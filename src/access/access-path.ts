/** Where a customer sees and ends what they gave access to. */
export const ACCESS_PATH = '/my/access';
