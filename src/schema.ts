/** Every D1 table of the Worker, for drizzle-kit. */
export {};
