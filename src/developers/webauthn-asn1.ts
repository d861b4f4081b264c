/**
 * Stands in for the ASN.1 packages of @simplewebauthn/server (`[alias]` in wrangler.toml; decision record 33): of what they
 * read, only the signature of an EC key comes here, as attestations other than `none` are refused before. Left whole they
 * would be a quarter of the Worker.
 */

/** An ECDSA signature, its two integers as DER has them: big-endian, signed. Source: RFC 3279 section 2.2.3. */
interface EcdsaSignature {
  readonly r: ArrayBuffer;
  readonly s: ArrayBuffer;
}

/** What the library names the type of signature by. */
export const ECDSASigValue = Symbol('ECDSA signature');

const SEQUENCE = 0x30;
const INTEGER = 0x02;
/** Signatures of P-256, the one EC key taken here, have lengths of one byte. Source: X.690 section 8.1.3. */
const SHORT_FORM_MAXIMUM = 0x7f;

/** The content of the element at `at`; undefined unless it is of this type, of short form, and whole. */
function elementAt(bytes: Uint8Array, at: number, type: number): Uint8Array | undefined {
  const length = bytes[at + 1];
  if (bytes[at] !== type || length === undefined || length > SHORT_FORM_MAXIMUM) return undefined;
  const content = bytes.subarray(at + 2, at + 2 + length);
  return content.length === length && length > 0 ? content : undefined;
}

function parseSignature(bytes: Uint8Array): EcdsaSignature {
  const sequence = elementAt(bytes, 0, SEQUENCE);
  const r = sequence === undefined ? undefined : elementAt(sequence, 0, INTEGER);
  const s =
    sequence === undefined || r === undefined ? undefined : elementAt(sequence, r.length + 2, INTEGER);
  const isWhole =
    r !== undefined &&
    s !== undefined &&
    sequence?.length === r.length + s.length + 4 &&
    bytes.length === sequence.length + 2;
  if (!isWhole) throw new Error('not an ECDSA signature in DER');
  return { r: r.slice().buffer, s: s.slice().buffer };
}

export const AsnParser = {
  parse(bytes: Uint8Array, type: unknown): EcdsaSignature {
    if (type !== ECDSASigValue) throw new Error('an attestation is not read here');
    return parseSignature(bytes);
  },
};

/** What the library imports for attestations alone. */
const absent = undefined;

export {
  absent as AuthorityKeyIdentifierExtension,
  absent as BasicConstraints,
  absent as CRLDistributionPointsExtension,
  absent as Certificate,
  absent as ECParameters,
  absent as ExtendedKeyUsage,
  absent as KeyDescription,
  absent as OctetString,
  absent as RSAPublicKey,
  absent as SubjectAlternativeName,
  absent as SubjectKeyIdentifierExtension,
  absent as X509Certificate,
  absent as X509ChainBuilder,
  absent as X509Crl,
  absent as id_ce_basicConstraints,
  absent as id_ce_extKeyUsage,
  absent as id_ce_keyDescription,
  absent as id_ce_subjectAltName,
  absent as id_ecPublicKey,
  absent as id_ecdsaWithSHA256,
  absent as id_ecdsaWithSHA384,
  absent as id_ecdsaWithSHA512,
  absent as id_ml_dsa_44,
  absent as id_ml_dsa_65,
  absent as id_ml_dsa_87,
  absent as id_rsaEncryption,
  absent as id_secp256r1,
  absent as id_secp384r1,
  absent as id_sha1WithRSAEncryption,
  absent as id_sha256WithRSAEncryption,
  absent as id_sha384WithRSAEncryption,
  absent as id_sha512WithRSAEncryption,
};
