/** What is used of @simplewebauthn/server: the rest of it need not be bundled. Decision record 33. */
export {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
