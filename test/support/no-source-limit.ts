/**
 * A limit on strangers that lets all through: files that share a Worker are one source address to it, whose minute they would
 * use up for each other. What an address may ask is tested with limits of those tests' own.
 */
export const NO_SOURCE_LIMIT = { SOURCE_LIMIT: { limit: async () => ({ success: true }) } };
