/** What is wrong with a block of wrangler.toml, as far as that can be seen without the account. */
import { randomBytes } from 'node:crypto';
import { findSettingFaults } from '#edge/settings.ts';

/** What a deployment alone binds: the local sandbox has no figures but its own. */
const METRICS = 'METRICS';
/** The ids wrangler.toml has before `npm run provision` puts in real ones. */
const PLACEHOLDER_ID = /^0{8}-0{4}-4000-8000-0{11}\d$/;

const namesOf = (entries, key) => (entries ?? []).map((entry) => entry[key]).toSorted();

/** What a block binds, by name: nothing is inherited, so each block must repeat all of it. */
function bindingsOf(block) {
  return {
    vars: Object.keys(block.vars ?? {}).toSorted(),
    d1_databases: namesOf(block.d1_databases, 'binding'),
    durable_objects: namesOf(block.durable_objects?.bindings, 'name'),
    ratelimits: namesOf(block.ratelimits, 'name'),
    analytics_engine_datasets: namesOf(block.analytics_engine_datasets, 'binding'),
    queues: namesOf(block.queues?.producers, 'binding'),
  };
}

/** The block as the Worker will see it: variables, bound Workers and e-mail, and any good value for each secret it asks for. */
function variablesOf(block) {
  return {
    ...block.vars,
    ...Object.fromEntries(namesOf(block.services, 'binding').map((name) => [name, {}])),
    ...Object.fromEntries(namesOf(block.send_email, 'name').map((name) => [name, {}])),
    ...Object.fromEntries(
      requiredSecrets(block).map((name) => [name, randomBytes(32).toString('base64url')]),
    ),
  };
}

/** The secrets that a block says it cannot do without. */
export function requiredSecrets(block) {
  return block.secrets?.required ?? [];
}

/** The block of an environment, or of previews. */
export function blockOf(config, environment) {
  return (environment === 'previews' ? config.previews : config.env?.[environment]) ?? {};
}

/** The queues that a block sends to. */
export function queuesOf(block) {
  return namesOf(block.queues?.producers, 'queue');
}

/** The database ids of a block that are not yet real. */
export function placeholdersIn(block) {
  return namesOf(block.d1_databases, 'database_id').filter((id) => PLACEHOLDER_ID.test(id));
}

/**
 * Everything wrong with the block `environment` (`sandbox`, `production`, `previews`) of a parsed wrangler.toml, each
 * fault a line that names the setting: what the Worker itself would refuse, and what only its configuration shows.
 */
export function findConfigurationFaults(config, environment) {
  const block = blockOf(config, environment);
  const place = environment === 'previews' ? '[previews]' : `[env.${environment}]`;
  const wanted = bindingsOf(config);
  const present = bindingsOf(block);
  // The platform gives a preview no consumer of a queue, so it has none.
  const kinds = Object.keys(wanted).filter((kind) => kind !== 'queues' || environment !== 'previews');
  const faults = kinds.flatMap((kind) => {
    const missing = wanted[kind].filter((name) => !present[kind].includes(name));
    return missing.length > 0 ? [`${place} lacks ${kind}: ${missing.join(', ')}`] : [];
  });
  if (!present.analytics_engine_datasets.includes(METRICS)) {
    faults.push(`${place} lacks analytics_engine_datasets: ${METRICS}`);
  }
  const consumed = namesOf(block.queues?.consumers, 'queue');
  for (const queue of queuesOf(block)) {
    if (!consumed.includes(queue)) faults.push(`${place} queues.consumers: none takes from ${queue}`);
  }
  const { ENVIRONMENT, ISSUER, EMAIL_FROM, DEVELOPER_HOST } = block.vars ?? {};
  const named = environment === 'previews' ? 'sandbox' : environment;
  if (ENVIRONMENT !== named) faults.push(`${place} ENVIRONMENT is ${ENVIRONMENT}, not ${named}`);
  faults.push(...findSettingFaults(variablesOf(block)).map(({ name, why }) => `${place} ${name} ${why}`));
  if (block.observability?.enabled !== true || block.observability.redact_query_string !== true) {
    faults.push(`${place} observability must be enabled and redact_query_string: codes travel in URLs`);
  }
  for (const { name, allowed_sender_addresses: senders } of block.send_email ?? []) {
    if (!(senders ?? []).includes(EMAIL_FROM)) {
      faults.push(`${place} send_email: ${name} does not allow EMAIL_FROM in allowed_sender_addresses`);
    }
  }
  // The platform gives a preview its name.
  if (environment === 'previews') return faults;
  const others = Object.entries(config.env ?? {}).filter(([other]) => other !== environment);
  const namesakes = others.filter(([, other]) => other.name === block.name);
  if (block.name === undefined || block.name === config.name || namesakes.length > 0) {
    faults.push(`${place} name: must be the environment's own, which the rollout tries the version by`);
  }
  if (
    block.main !== `dist/${environment}/worker.js` ||
    block.build?.command !== `node scripts/build-worker.mjs ${environment}`
  ) {
    faults.push(`${place} main: must be what build.command makes of ${environment}, in dist/${environment}`);
  }
  const issuerHost = URL.canParse(ISSUER) ? new URL(ISSUER).host : undefined;
  const hosts = new Set((block.routes ?? []).map((route) => String(route.pattern ?? route).split('/')[0]));
  if (!hosts.has(issuerHost)) faults.push(`${place} routes: none has the issuer's host ${issuerHost}`);
  if (DEVELOPER_HOST && !hosts.has(DEVELOPER_HOST)) {
    faults.push(`${place} routes: none has DEVELOPER_HOST ${DEVELOPER_HOST}`);
  }
  if (block.define?.INCLUDES_MAILBOX !== 'false') {
    faults.push(`${place} define: INCLUDES_MAILBOX must be "false", so that the bundle shows no mail`);
  }
  if (environment === 'production' && block.define?.INCLUDES_SANDBOX !== 'false') {
    faults.push(`${place} define: INCLUDES_SANDBOX must be "false", so that the bundle holds no sandbox`);
  }
  return faults;
}
