/** The `acr` that every journey with a consent reaches. Source: OBIE security profile. */

/** A customer who gave password and one-time code for this very consent. */
export const STRONG_AUTHENTICATION = 'urn:openbanking:psd2:sca';
