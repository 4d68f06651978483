import type { ClientMetadataEnvName } from '../../../functions/clientMetadata/env.ts'
import { clientHosts } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

export const spec = defineFunction<ClientMetadataEnvName>({
  name: 'clientMetadata',
  description: 'Fetches what clients by URL say of themselves; it may do nothing else, and others invoke it',
  provides: 'clientMetadata',
  isWanted: ({ clientsByUrl }) => clientsByUrl.length > 0,
  // 5 s for the document.
  timeout: 7,
  environment: (parts) => clientHosts(parts.settings),
  counts: ['FailedClientMetadata'],
})
