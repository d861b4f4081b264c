/** The part of node:crypto that this Worker uses, so that Node's globals stay out of the Worker's types. */
declare module 'node:crypto' {
  export type ScryptOptions = { N: number; r: number; p: number; maxmem?: number };
  /** Derives `length` bytes; calls back with an error or the bytes. */
  export function scrypt(
    password: string | Uint8Array,
    salt: string | Uint8Array,
    length: number,
    options: ScryptOptions,
    callback: (error: Error | null, derivedKey: Uint8Array) => void,
  ): void;
}
