/** How SQLite finds the rows of the statements that some work prepares. */
import { env } from 'cloudflare:workers';

export interface QueryPlan {
  readonly text: string;
  /** Each step of the plan. */
  readonly details: readonly string[];
}

/** Bindings whose database keeps the text of each statement prepared. */
function listeningDatabase(): { binding: D1Database; texts: string[] } {
  const texts: string[] = [];
  const listen = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(inner, name) {
        const member: unknown = Reflect.get(inner, name);
        if (typeof member !== 'function') return member;
        if (name === 'withSession') return () => listen(member.call(inner) as object);
        if (name !== 'prepare') return member.bind(inner);
        return (text: string) => {
          texts.push(text);
          return member.call(inner, text) as unknown;
        };
      },
    });
  return { binding: listen(env.DB), texts };
}

/** The plans of the statements that `work` prepares, in order. */
export async function plansOf(work: (binding: D1Database) => Promise<unknown>): Promise<QueryPlan[]> {
  const { binding, texts } = listeningDatabase();
  await work(binding);
  const plans: QueryPlan[] = [];
  for (const text of texts) {
    const numbered = Array.from(text.matchAll(/\?(\d+)/g), (match) => Number(match[1]));
    const parameters = numbered.length > 0 ? Math.max(...numbered) : text.split('?').length - 1;
    const values = Array.from({ length: parameters }, () => null);
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${text}`)
      .bind(...values)
      .all<{ detail: string }>();
    plans.push({ text, details: results.map(({ detail }) => detail) });
  }
  return plans;
}

/** Steps that read a whole stored table or sort one. */
export function costlySteps({ details }: QueryPlan): string[] {
  return details.filter((detail) =>
    /^SCAN (?!CONSTANT ROW|\d|\(|json_each VIRTUAL TABLE)|TEMP B-TREE/.test(detail),
  );
}
