import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Handler } from '../http/api/endpoint.ts'
import { readMailedRequest } from './request.ts'
import { asked, created, refused } from './response.ts'
import { ask, confirm, type MailedRegisterDependencies } from './steps.ts'

/** POST /register and POST /register/confirm with mail: a code for the address, and a new account for the code. */
export function createMailedRegisterHandler(dependencies: MailedRegisterDependencies): Handler {
  return async (event) => {
    const request = readMailedRequest(event)
    if (!request.ok) return refused(eventOf(event), request.failure)

    if (request.value.kind === 'ask') {
      const opened = await ask(event, request.value, dependencies)
      return opened.ok ? asked(opened.value) : refused('registration_request', opened.failure)
    }
    const account = await confirm(event, request.value, dependencies)
    return account.ok ? created(account.value) : refused('user_created', account.failure)
  }
}

const eventOf = ({ routeKey }: APIGatewayProxyEventV2) =>
  routeKey === 'POST /register' ? 'registration_request' : 'user_created'
