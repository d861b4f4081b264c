/** The script by which an application's commands read an answer: a member of it, or the whole answer beside nothing. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it.each([
  ['a member', '{"access_token":"eyJ","expires_in":60}', 'eyJ\n', ''],
  ['an answer without it', '{"error":"invalid_client"}', '\n', '{"error":"invalid_client"}\n'],
  ['a member that is null', '{"access_token":null}', '\n', '{"access_token":null}\n'],
])('%s', (_name, input, stdout, stderr) => {
  const read = spawnSync(process.execPath, ['public/assets/member.mjs', 'access_token'], {
    input,
    encoding: 'utf8',
  });
  expect({ stdout: read.stdout, stderr: read.stderr }).toEqual({ stdout, stderr });
});
