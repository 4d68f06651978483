import { compactVerify, importJWK } from 'jose'
import { type ClientKey, signsBy } from '../clients/client-keys.ts'

// Keys of nobody, so that an assertion costs the same work where there is no client, or no key of its kind.
const decoys: readonly ClientKey[] = [
  {
    kty: 'RSA',
    n:
      '6z2-tFULbVFLNkSrYJWjXZxf6dyLgdOpcY-yXqJZonVYD11Ma_owe5ObEljXN8kA0d4-IRZChz2id1BoO2nwhz4JxgIJVWvG-cVkz5zomB1jBnbN' +
      'TPkIbNtm7TRJH7R0r9vSfiX2dufTfqqCeXC3SFqog17iPLUi1m3pW7A8XkCGKlWY4RMC_EhFSj2gvi0srIjjRYcOHaRMyEaOYhAZ9YQ9da3hUUhD' +
      'ZqjMp0-Tipbj44-DWGgg8bixcezEyi6q-qMitD62ENy4pNuK4Gbppd3yl-b2ReOI_LBrm_6W7n8pUmFDTt2C-ZUfExeyjqgbrElXeuNuw1oyEA8V' +
      '8t7y1Q',
    e: 'AQAB',
  },
  {
    ...{ kty: 'EC', crv: 'P-256', x: 'IRyctNFwrdeIQdfKIwx5BPeKp877ZWjG7BEjpDw0-XE' },
    y: 'TPVvJnD5kXceg5MFCiRZKWN1R9ednC7BSuEXXDmjFPA',
  },
  {
    ...{ kty: 'EC', crv: 'P-384', x: 'oCaO7cuWLVj3k1gG2y0rRsLy86cbeIWrnCKKrESoJP572Jzqf7WFD-Se1-qgv8vu' },
    y: 'WNF45Unh4ewvbdyCEnwYdo5ld9HsXJfQ3tM4P3LjVT2KQUtM_u4WrhbFZsrdS7Cb',
  },
  { kty: 'OKP', crv: 'Ed25519', x: 'PVmmIJnqrczsHHMBLIi1rrtUlsMzauuJ0gFN_tJGB2M' },
]

/**
 * Whether one of the keys has signed a JWS of this algorithm: the one of its `kid`, or any of its kind where it names none.
 * A key that the JWS brings along is not looked at.
 */
export async function hasSigned(
  keys: readonly ClientKey[],
  jws: string,
  { alg, kid }: { readonly alg: string; readonly kid: string | undefined },
): Promise<boolean> {
  const found = keys.filter((key) => signsBy(key, alg) && (kid === undefined || key['kid'] === kid))
  const tried = found.length > 0 ? found : decoys.filter((key) => signsBy(key, alg))
  const verified = await Promise.all(tried.map((key) => isSignedBy(key, jws, alg)))
  return found.length > 0 && verified.includes(true)
}

async function isSignedBy(key: ClientKey, jws: string, alg: string): Promise<boolean> {
  try {
    await compactVerify(jws, await importJWK({ ...key }, alg), { algorithms: [alg] })
    return true
  } catch {
    return false
  }
}
