import { randomBytes } from 'node:crypto'
import { createDynamoDbConfirmations } from '../../../functions/adapters/dynamodb/accounts/confirmations.ts'
import { createDynamoDbCodes } from '../../../functions/adapters/dynamodb/codes.ts'
import { createConfirmRegistration } from '../../../functions/domain/accounts/confirm-registration.ts'
import { createCreateAccount } from '../../../functions/domain/accounts/create-account.ts'
import { createMailAddressCode } from '../../../functions/domain/accounts/mail-address-code.ts'
import { createOpenRegistration } from '../../../functions/domain/accounts/open-registration.ts'
import { createCodes } from '../../../functions/domain/codes/codes.ts'
import type { MailEvent, RequestCode } from '../../../functions/domain/mail/mail-event.ts'
import { type Password, readPassword } from '../../../functions/domain/passwords/password.ts'
import { randomId } from '../../../functions/domain/random-id.ts'
import { createMailRecoveryCode } from '../../../functions/domain/sign-in/password/mail-recovery-code.ts'
import { createRecoverPassword } from '../../../functions/domain/sign-in/password/recover-password.ts'
import { createThrottle } from '../../../functions/domain/throttling/throttle.ts'
import { endpoint, type Handler } from '../../../functions/http/api/endpoint.ts'
import type { Pages } from '../../../functions/http/pages/pages.ts'
import { createForgotPages } from '../../../functions/recover/forgot-pages.ts'
import { createRecoverHandler } from '../../../functions/recover/handler.ts'
import { createRegisterHandler } from '../../../functions/register/handler.ts'
import { createMailedRegisterHandler } from '../../../functions/register/mailed-handler.ts'
import { createSignUpPages } from '../../../functions/register/sign-up-pages.ts'
import { createStores } from '../../../functions/wiring/stores.ts'
import { anAccount } from '../contracts/account-store-contract.ts'
import { captureNotices } from '../fakes/captured-notices.ts'
import { cheapHasher } from '../fakes/cheap-hasher.ts'
import { stoppedClock } from '../fakes/stopped-clock.ts'
import type { TestTable } from '../table.ts'
import { context, httpEvent, readAddress } from './events.ts'
import { plainLook } from './plain-look.ts'

type Members = Readonly<Record<string, string>>

type Asked = {
  readonly query?: string
  readonly form?: Members
  readonly json?: object
  readonly headers?: Members
  readonly cookies?: readonly string[]
}

type Settings = {
  /** @default true */
  readonly withMail?: boolean
  readonly addressFailures?: number
  readonly requestCode?: RequestCode
  /** Where every request comes from. */
  readonly source?: string
}

const issuer = 'https://auth.example.com'
const policy = { minimumLength: 15, serviceName: 'Latchkey of the orders' }

/** The registration and the recovery of a service over one table, by JSON and by pages, put together as the functions' index.ts do. */
export function createMailedPages({ client, name }: Pick<TestTable, 'client' | 'name'>, settings: Settings = {}) {
  const { withMail = true, addressFailures = 0, source } = settings
  const stores = createStores(client, name)
  const lines: string[] = []
  const hashed: string[] = []
  const asked: MailEvent[] = []
  const { notices, notify } = captureNotices()
  const clock = stoppedClock()
  const codes = createCodes({ store: createDynamoDbCodes(client, name), randomBytes, clock })
  const hasher = {
    ...cheapHasher,
    hash: (text: Password) => {
      hashed.push(text)
      return cheapHasher.hash(text)
    },
  }
  const requestCode: RequestCode = settings.requestCode ?? (async (request) => void asked.push(request))
  const confirmations = createDynamoDbConfirmations(client, name)
  const common = {
    ...{ clock, codes, notify },
    readAddress: source === undefined ? readAddress : () => source,
    throttle: createThrottle(stores.attempts, { accountFailures: 0, addressFailures }, clock),
    requestCode,
  }
  const creating = { hasher, policy, clock, newId: randomId }
  const plain = { ...common, createAccount: createCreateAccount({ ...creating, accounts: stores.accounts }) }
  const mailed = {
    ...common,
    openRegistration: createOpenRegistration({ ...creating, codes }),
    confirmRegistration: createConfirmRegistration({ ...creating, codes, confirmations, scope: [] }),
  }
  const recovering = {
    ...common,
    recoverPassword: createRecoverPassword({ ...stores, codes, confirmations, hasher, policy }),
  }
  const service = { issuer, serviceName: 'Shop & Co', look: plainLook, minimumLength: policy.minimumLength }
  const signUp = createSignUpPages(service, withMail ? mailed : plain)
  const forgot = createForgotPages(service, recovering)
  const register = withMail ? createMailedRegisterHandler(mailed) : createRegisterHandler(plain)
  const recover = createRecoverHandler(recovering)
  const handlers: Readonly<Record<string, Handler | Pages>> = {
    ...{ '/register': register, '/register/confirm': register, '/recover': recover, '/recover/confirm': recover },
    ...{ '/sign-up': signUp, '/sign-up/confirm': signUp, '/forgot': forgot, '/forgot/confirm': forgot },
  }

  const call = async (routeKey: string, { query, form, json, headers, cookies }: Asked = {}) => {
    const handler = handlers[routeKey.split(' ')[1] ?? '']
    if (!handler) throw new Error(`There is no route ${routeKey}.`)
    const { handle, faultResponse } = typeof handler === 'function' ? { handle: handler } : handler
    const body = json ? JSON.stringify(json) : form && new URLSearchParams(form).toString()
    const type = json ? 'application/json' : 'application/x-www-form-urlencoded'
    const event = httpEvent(routeKey, {
      rawQueryString: query ?? '',
      headers: { ...(body !== undefined && { 'content-type': type }), ...headers },
      ...(body !== undefined && { body }),
      ...(cookies && { cookies: [...cookies] }),
    })
    const respond = endpoint(
      handle,
      (line) => lines.push(line),
      () => clock() * 1000,
      faultResponse,
    )
    const answer = await respond(event, context)
    const { statusCode: status, headers: sent = {}, body: text = '', cookies: set = [] } = answer
    return { status, headers: sent as Members, text, cookies: set }
  }

  const lastAsked = () => {
    const last = asked.at(-1)
    if (last?.kind !== 'code') throw new Error('No code was asked for.')
    return last
  }
  const mailAddressCode = createMailAddressCode({ ...stores, codes })
  const mailRecoveryCode = createMailRecoveryCode({ ...stores, codes })

  return {
    ...{ call, stores, asked, notices, hashed, clock },
    // Of nobody: a browser of the sign-in pages knows whom it is for.
    ...{ username: '', password: '' },
    logged: () => lines.map((line) => JSON.parse(line)),
    /** What the function that mails does for the last request: the code, or nothing where there is nobody to mail. */
    mailCode: async () => {
      const { purpose } = lastAsked()
      const mailed =
        purpose === 'recover'
          ? await mailRecoveryCode(lastAsked(), async () => true)
          : await mailAddressCode('register', lastAsked(), async () => true)
      return mailed.ok && 'code' in mailed.value ? mailed.value.code : ''
    },
    putAccount: async (sub: string, identifiers: readonly string[], password: string) => {
      const passwordHash = await cheapHasher.hash(readPassword(password) as Password)
      const account = anAccount({ sub, identifiers, emailVerified: true })
      await stores.accounts.putNewAccount({ account, passwordHash, subject: 'new' })
      return account
    },
    /** Whether this is the password of an account. */
    isPassword: async (sub: string, password: string) => {
      const hash = await stores.passwords.findHash(sub)
      return hash !== undefined && cheapHasher.verify(readPassword(password) as Password, hash)
    },
  }
}
