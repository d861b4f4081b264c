/** An application's own site, where customers come back to. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OwnSite {
  readonly redirectUri: string;
  close(): void;
}

export async function openOwnSite(): Promise<OwnSite> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>Acorn</title><h1>Welcome back</h1>');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { redirectUri: `http://localhost:${port}/callback`, close: () => void server.close() };
}
