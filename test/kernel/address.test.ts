/** Addresses of our own pages: parameters without a value are left out. */
import { expect, it } from 'vitest';
import { withQuery } from '#kernel/address.ts';

it.each([
  [{}, '/dashboard'],
  [{ next: undefined, done: undefined }, '/dashboard'],
  [
    { next: '/dashboard/audit?before=5', done: undefined },
    '/dashboard?next=%2Fdashboard%2Faudit%3Fbefore%3D5',
  ],
  [
    { action: 'member.join', actor: 'ada+1@example.com', before: 5 },
    '/dashboard?action=member.join&actor=ada%2B1%40example.com&before=5',
  ],
  [{ actor: '' }, '/dashboard?actor='],
])('%j', (parameters, address) => {
  expect(withQuery('/dashboard', parameters)).toBe(address);
});
