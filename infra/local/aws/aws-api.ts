import type { AccessRequest } from './iam.ts'

/** What the account answers instead of a result. It travels as an exception up to the endpoint, which knows its wire form. */
export type AwsError = Error & { readonly status: number }

export function awsError(name: string, message: string, status = 400): AwsError {
  return Object.assign(new Error(message), { name, status })
}

export const isAwsError = (error: unknown): error is AwsError => error instanceof Error && 'status' in error

export type ApiCall = {
  readonly operation: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly body: Buffer
}

export type ApiAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/** The part of one AWS service that exists here. */
export type Api = {
  /** All that the caller must be allowed to do; an unknown operation is refused. */
  readonly access: (call: ApiCall) => readonly AccessRequest[]
  readonly perform: (call: ApiCall) => Promise<ApiAnswer>
}

export const unknownOperation = (operation: string) =>
  awsError('UnknownOperationException', `${operation} is not known to the local account.`)

/** Where everything of the local account is, in its ARNs. */
export type Account = { readonly region: string; readonly account: string }

export const jsonAnswer = (body: unknown, status = 200): ApiAnswer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(body),
})
