import { GetPublicKeyCommand, type KMSClient } from '@aws-sdk/client-kms'
import { answerOf } from '../aws-client.ts'

// A deployment that adds a key changes the reader's role seconds before the key is read, and IAM takes some seconds to
// apply that everywhere. Twenty seconds of pauses fit into the function's 30 s.
const tries = 11
const pauseMilliseconds = 2000

/** Waits for this many milliseconds. */
type Pause = (milliseconds: number) => Promise<unknown>

/** Reads the public half of a KMS key, DER-encoded. A denial is retried for about 20 s, because IAM may lag. */
export const createPublicKeyReader =
  (client: KMSClient, pause: Pause) =>
  async (KeyId: string): Promise<Uint8Array> => {
    const ask = () => answerOf(client.send(new GetPublicKeyCommand({ KeyId })))
    const { PublicKey } = await onceAllowed(ask, pause, tries)
    if (!PublicKey) throw new TypeError('KMS answered without a public key.')
    return PublicKey
  }

async function onceAllowed<T>(ask: () => Promise<T>, pause: Pause, left: number): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (left === 1 || !(error instanceof Error) || error.name !== 'AccessDeniedException') throw error
    await pause(pauseMilliseconds)
    return onceAllowed(ask, pause, left - 1)
  }
}
