/** The variables, secret and binding of a production that is configured completely. */
export const PRODUCTION = {
  ENVIRONMENT: 'production',
  ISSUER: 'https://api.hamsterbank.ai',
  KEY_WRAPPING_SECRET: 'pBbYFuOlYFDEWDITGP9IU_IW4EVzqt74EAKXs59hX4Y',
  TRUSTED_DIRECTORIES: JSON.stringify([
    {
      issuer: 'https://directory.example',
      jwks_uri: 'https://directory.example/jwks',
      algorithms: ['PS256'],
    },
  ]),
  /** The bank's Worker that sends one-time codes. */
  CODE_SENDER: { sendCode: () => Promise.resolve({ sentTo: '…01' }) } as unknown as Fetcher,
} as const;
