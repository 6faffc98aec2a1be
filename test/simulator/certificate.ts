/** The certificate of cameras that speak TLS: signed by themselves, for a name that is nobody's, as real ones have it. */
import { readFileSync } from 'node:fs';

/** Key and certificate in PEM; they protect nothing. */
export function readCertificate(): { readonly key: Buffer; readonly cert: Buffer } {
  const read = (name: string): Buffer => readFileSync(new URL(`certificate/${name}.pem`, import.meta.url));
  return { key: read('key'), cert: read('certificate') };
}
