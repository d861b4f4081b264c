/** Where drizzle-kit reads the tables and writes the D1 migrations. */
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  driver: 'd1-http',
  schema: './src/schema.ts',
  out: './migrations',
  casing: 'snake_case',
});
