/** Stands in for zod, which an optional converter of hono-openapi imports and nothing here uses (see wrangler.toml). */
export {};
