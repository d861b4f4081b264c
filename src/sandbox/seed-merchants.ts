/** The shops, landlords and employers of the sandbox; none of them exists. Codes: ISO 18245. */
import type { Merchant } from '#sandbox/seed-month.ts';

export const GROCERS: readonly [Merchant, ...Merchant[]] = [
  { name: 'Nibble & Root Grocers', code: '5411' },
  { name: 'Burrow Market', code: '5411' },
  { name: 'Seedling Wholefoods', code: '5499' },
];

export const EATING: readonly [Merchant, ...Merchant[]] = [
  { name: 'The Crumb Bakery', code: '5462' },
  { name: 'Pouch Coffee', code: '5814' },
  { name: 'Sunflower Kitchen', code: '5812' },
  { name: 'Wheel & Barrow Inn', code: '5813' },
];

export const TRANSPORT: readonly [Merchant, ...Merchant[]] = [
  { name: 'Tunnel Line Rail', code: '4112' },
  { name: 'Metro Travel Charge', code: '4111' },
  { name: 'Scamper Cabs', code: '4121' },
  { name: 'Hedgerow Fuel', code: '5541' },
];

export const SHOPS: readonly [Merchant, ...Merchant[]] = [
  { name: 'Sawdust & Sons Homeware', code: '5719' },
  { name: 'Whisker Pharmacy', code: '5912' },
  { name: 'Page Turner Books', code: '5942' },
  { name: 'Nest Furniture', code: '5712' },
  { name: 'Burdock Clothing', code: '5651' },
];

export const LISBON: readonly [Merchant, ...Merchant[]] = [
  { name: 'Mercado da Colina', code: '5411' },
  { name: 'Café do Miradouro', code: '5814' },
  { name: 'Comboios do Sul', code: '4112' },
  { name: 'Pensão Girassol', code: '7011' },
  { name: 'Livraria Avelã', code: '5942' },
];

export const SOFTWARE: readonly [Merchant, ...Merchant[]] = [
  { name: 'Cloudburrow Hosting', code: '4816' },
  { name: 'Pixelpouch Design Tools', code: '5734' },
  { name: 'Acorn Domains', code: '4816' },
  { name: 'Skyhop Airways', code: '4511' },
  { name: 'Harbor Street Hotel', code: '7011' },
];

export const STREAMING: Merchant = { name: 'Wheelplay Streaming', code: '5815' };
