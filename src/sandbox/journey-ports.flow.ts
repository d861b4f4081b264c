/** What stands in the sandbox for the second factor and its sender: a fixed code that nobody is sent. D1, objects: none. */
import type { TestCustomers } from '#authorization/journey-props.ts';
import type { JourneyPorts } from '#authorization/second-factor.ts';
import { ok } from '#kernel/result.ts';
import { sandboxTenants } from '#sandbox/tenants.flow.ts';

const ONE_TIME_CODE = '123456';

const TEST_CUSTOMERS: TestCustomers = {
  customers: [
    { username: 'hazel', note: 'Main, Joint, Easy Saver and ISA accounts' },
    { username: 'basil', note: 'Joint and Overdrawn accounts' },
    { username: 'clover', note: 'Zero Balance, Euro and USD accounts' },
    { username: 'sorrel', note: 'Locked: cannot log in' },
    { username: 'teasel', note: 'No accounts' },
  ],
  password: 'hamster-wheel',
  oneTimeCode: ONE_TIME_CODE,
};

export const sandboxJourney: JourneyPorts = {
  tenants: sandboxTenants,
  secondFactor: { newCode: () => ONE_TIME_CODE },
  codeSender: { send: () => Promise.resolve(ok({})) },
  testCustomers: TEST_CUSTOMERS,
};
