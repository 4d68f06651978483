import type { RegisterEnvName } from '../../../functions/register/env.ts'
import { countingByAddress, mailFunction, pages, passwordPolicy, tableName } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'
import type { Settings } from '../settings/settings.ts'

const confirmsAddresses = ({ emailFrom }: Settings): boolean => emailFrom !== undefined

const hasPages = ({ signInPages }: Settings): boolean => signInPages
const hasMailedPages = (settings: Settings): boolean => hasPages(settings) && confirmsAddresses(settings)

const page = 'A page for browsers: before the registration there is no account.'
const limit = { rate: 50, burst: 100 }

export const spec = defineFunction<RegisterEnvName>({
  name: 'register',
  description: '/register and /sign-up, with mail also /confirm: a new account, for anyone',
  isWanted: ({ selfRegistration }) => selfRegistration,
  hashesPasswords: true,
  timeout: 10,
  environment: (parts) => ({
    ...tableName(parts),
    ...pages(parts),
    ...passwordPolicy(parts.settings),
    ...countingByAddress(parts.settings),
    ...mailFunction(parts),
  }),
  // IAM has no "create only": with these keys an existing account could be overwritten.
  table: (settings) => ({
    PutItem: ['accounts', 'secrets', 'identifiers', 'directory'],
    ...(confirmsAddresses(settings)
      ? { UpdateItem: ['throttle', 'registerCodes'], DeleteItem: ['registerCodes'] }
      : { UpdateItem: ['throttle'] }),
  }),
  invokes: ['mail'],
  routes: [
    { method: 'POST', path: '/register', open: 'Before the registration there is no account.', limit },
    {
      method: 'POST',
      path: '/register/confirm',
      isWanted: confirmsAddresses,
      open: 'The code of the mail proves who asks.',
      limit,
    },
    { method: 'GET', path: '/sign-up', isWanted: hasPages, open: page, limit },
    { method: 'POST', path: '/sign-up', isWanted: hasPages, open: page, limit },
    { method: 'GET', path: '/sign-up/confirm', isWanted: hasMailedPages, open: page, limit },
    { method: 'POST', path: '/sign-up/confirm', isWanted: hasMailedPages, open: page, limit },
  ],
  counts: ['Faults'],
})
