/** What the OpenAPI document allows of a request the door takes, and what it forbids the door refuses. */
import { type Schema, Validator } from '@cfworker/json-schema';
import { beforeAll, describe, expect, it } from 'vitest';
import { parsePayment } from '#consents/payment-instruction.schema.ts';
import { testApp } from '../support/app.ts';
import { DOMESTIC_PAYMENT, INTERNATIONAL_PAYMENT } from '../support/payments.ts';

interface Described {
  readonly parameters?: readonly { readonly name?: string; readonly schema?: object }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
  readonly responses: Record<string, { readonly headers: Record<string, object> }>;
}
interface ApiDocument {
  readonly paths: Record<string, Record<string, Described>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

let document: ApiDocument;
let text: string;

beforeAll(async () => {
  text = await (await testApp().request('/openapi.json')).text();
  document = JSON.parse(text) as ApiDocument;
});

function operation(method: string, path: string): Described {
  const found = document.paths[path]?.[method];
  if (found === undefined) throw new Error(`${method} ${path} is not described`);
  return found;
}

function paymentVerdicts(payment: object): readonly boolean[] {
  const { PaymentInstruction = {} } = document.components.schemas;
  return [new Validator(PaymentInstruction, '2020-12').validate(payment).valid, parsePayment({ payment }).ok];
}

describe('a payment', () => {
  it.each([
    ['0.01', true],
    ['9999999999999.99', true],
    ['0000000000001.00', true],
    ['00000000000001.00', false],
    ['1', false],
    ['1.0', false],
    ['1.000', false],
    ['-1.00', false],
    ['.50', false],
    ['1e2', false],
    [' 1.00', false],
    ['١.٠٠', false],
  ])('of %s', (amount, fits) => {
    const instructed_amount = { ...DOMESTIC_PAYMENT.instructed_amount, amount };
    expect(paymentVerdicts({ ...DOMESTIC_PAYMENT, instructed_amount })).toEqual([fits, fits]);
  });

  it.each([
    ['DEUTDEFF', true],
    ['deutdeff500', true],
    ['DEUTDEF', false],
    ['DEUTDEFF5', false],
    ['', false],
    ['1EUTDEFF', false],
  ])('to a bank of %s', (agent_bic, fits) => {
    const creditor = { ...INTERNATIONAL_PAYMENT.creditor, agent_bic };
    expect(paymentVerdicts({ ...INTERNATIONAL_PAYMENT, creditor })).toEqual([fits, fits]);
  });
});

it('says which parameters a pushed request cannot be without', () => {
  const { schema } = Object.values(operation('post', '/oauth/par').requestBody?.content ?? {})[0] ?? {};
  expect(schema?.required).toEqual(
    expect.arrayContaining(['redirect_uri', 'response_type', 'client_assertion', 'client_assertion_type']),
  );
});

it('bounds what is bounded, with one dialect and one form of a page', () => {
  expect(text).not.toContain('"$schema"');
  for (const { parameters = [] } of Object.values(document.paths).flatMap(Object.values<Described>)) {
    const schemaOf = (name: string) => parameters.find((parameter) => parameter.name === name)?.schema;
    expect(schemaOf('limit') ?? { type: 'integer' }).toMatchObject({ type: 'integer' });
  }
});

it.each([
  ['/.well-known/openid-configuration', 'access-control-allow-origin'],
  ['/oauth/jwks', 'access-control-allow-origin'],
  ['/openapi.json', 'access-control-allow-origin'],
  ['/metrics/open-banking.csv', 'content-disposition'],
])('%s: the document knows the header %s', async (path, header) => {
  expect((await testApp().request(path)).headers.has(header)).toBe(true);
  const headers = Object.keys(operation('get', path).responses['200']?.headers ?? {});
  expect(headers.map((name) => name.toLowerCase())).toContain(header);
});
