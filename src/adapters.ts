/** What fills the rooms' ports: the bank's own parts in production, the sandbox's in a sandbox. */
import { bankJourney } from '#authorization/bank-journey.flow.ts';
import type { JourneyPortsOf } from '#authorization/second-factor.ts';
import type { MailerOf } from '#developers/mailer.ts';
import { platformMailer } from '#developers/platform-mailer.flow.ts';
import type { Scope } from '#edge/scope.ts';
import { ok, refuse } from '#kernel/result.ts';
import type { SettlementOf } from '#payments/settlement.ts';
import type { MintStatement } from '#portal/statement-mint.ts';
import { sandboxJourney } from '#sandbox/journey-ports.flow.ts';
import { localMailer } from '#sandbox/mailbox.flow.ts';
import { mintStatement as sandboxMint } from '#sandbox/mint-statement.flow.ts';
import { sandboxSettlement } from '#sandbox/settlement.flow.ts';

/**
 * Production's bundle is made without the sandbox room (`define` in wrangler.toml); where it is there, the environment
 * decides at each request.
 */
const sandbox =
  typeof INCLUDES_SANDBOX === 'undefined' || INCLUDES_SANDBOX
    ? { journey: sandboxJourney, settlement: sandboxSettlement, mint: sandboxMint }
    : undefined;

/** Sandbox and production are made without it (`define` in wrangler.toml). */
const mailer = typeof INCLUDES_MAILBOX === 'undefined' || INCLUDES_MAILBOX ? localMailer : undefined;

/** In production the bank's own Worker sends the codes. */
export const journeyPorts: JourneyPortsOf = (scope) =>
  scope.settings.environment === 'sandbox' && sandbox !== undefined
    ? ok(sandbox.journey)
    : bankJourney(scope);

/** Production has no settlement until one is configured here: no payment is made before. */
export const settlementOf: SettlementOf = ({ settings }) =>
  settings.environment === 'sandbox' && sandbox !== undefined
    ? ok(sandbox.settlement)
    : refuse('service_unavailable', 'no settlement configured', { retryAfterSeconds: 60 });

/** Only the sandbox has a directory of its own that issues software statements; elsewhere they are pasted. */
export const mintStatement: MintStatement | undefined = sandbox?.mint;

/** A local sandbox shows its e-mail; every deployment sends it through the platform. */
export const mailerOf: MailerOf = (scope) =>
  scope.isLocal && mailer !== undefined ? ok(mailer) : platformMailer(scope);

/** The customers that the dashboard tells of; production has none to tell. */
export const testCustomersOf = ({ settings }: Pick<Scope, 'settings'>) =>
  settings.environment === 'sandbox' ? sandbox?.journey.testCustomers : undefined;
