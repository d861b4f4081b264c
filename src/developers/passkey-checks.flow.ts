/** What is used of the passkey library: so a bundle need not hold the rest of it (decision record 33). D1: none. Objects: none. */
export { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
