/** Receives the lines that a function writes, and what the local account has to say; `source` names the writer. */
export type Log = (source: string, line: string) => void

export type Credentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

export type LocalFunction = {
  readonly name: string
  readonly codeDirectory: string
  readonly handler: string
  readonly timeout: number
  readonly memory: number
  readonly environment: Readonly<Record<string, string>>
  readonly credentials: Credentials
  readonly region: string
}

export type Invocation = { readonly payload: string; readonly functionError?: 'Unhandled' }

/** Invokes a function by its name or its ARN. Rejects with an AwsError for an unknown function or too big a payload. */
export type Invoke = (function_: string, payload: string) => Promise<Invocation>

export type Lambda = { readonly invoke: Invoke; readonly close: () => Promise<void> }

export type LambdaOptions = { readonly endpoint: string; readonly account: string; readonly log: Log }

export declare function createLambda(functions: readonly LocalFunction[], options: LambdaOptions): Lambda
