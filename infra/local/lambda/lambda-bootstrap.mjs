// @ts-check
import { existsSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { Socket } from 'node:net'
import { pathToFileURL } from 'node:url'
import { types } from 'node:util'
import { onLines } from '../lines.mjs'

// JavaScript, because Node takes longer to load what strips types than for all the rest of a sandbox's start.
//
// Runs inside a sandbox, in the place of Lambda's own runtime client. The server is reached by file descriptor 3 only, so
// that neither the function's output nor a stray process.send can be taken for an answer. Each answer has the id of the
// request that it belongs to.

/** @typedef {{ readonly requestId: string, readonly functionArn: string, readonly deadline: number, readonly payload: string }} Invocation */
/** @typedef {(event: unknown, context: unknown) => unknown} Handler */

const { _HANDLER = '', LAMBDA_TASK_ROOT = '', AWS_LAMBDA_FUNCTION_NAME, AWS_LAMBDA_FUNCTION_MEMORY_SIZE } = process.env
const { AWS_LAMBDA_LOG_GROUP_NAME, AWS_LAMBDA_LOG_STREAM_NAME, AWS_EXECUTION_ENV = '' } = process.env

// It closes with the server.
const channel = new Socket({ fd: 3 }).on('close', () => process.exit())

// The id of the initialisation first, then of the latest request.
let requestId = process.argv[2] ?? ''
const modules = process.argv[3] ?? ''

/** @type {(name: string, message: string) => Error} */
const named = (name, message) => Object.assign(new Error(message), { name })

/** @param {unknown} error */
function describeError(error) {
  if (!types.isNativeError(error)) return { errorType: typeof error, errorMessage: String(error), trace: [] }
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] }
}

/** @type {(id: string, fields: object, sent?: () => void) => void} */
function answer(id, fields, sent) {
  channel.write(`${JSON.stringify({ requestId: id, ...fields })}\n`, sent)
}

/**
 * After a fault outside the handler's promise the sandbox is lost, as on AWS; `lost` keeps the server from using it again.
 * @param {unknown} error
 */
function endWith(error) {
  const payload = JSON.stringify(describeError(error))
  answer(requestId, { payload, functionError: 'Unhandled', lost: true }, () => process.exit(1))
}

process.on('uncaughtException', endWith)
process.on('unhandledRejection', (reason) => endWith(named('Runtime.UnhandledPromiseRejection', String(reason))))

const isMissing = (/** @type {unknown} */ error) =>
  ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(Object(error).code)

/** Where a module may be found that the function does not have: in its layers, and the AWS SDK as Lambda offers it. */
function findElsewhere() {
  /** @type {{ readonly layers: readonly string[], readonly sdkFrom: readonly string[] }} */
  const { layers, sdkFrom } = JSON.parse(modules)
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context)
      } catch (error) {
        const isOffered = /^@(aws-sdk|smithy)\//.test(specifier)
        if (!isMissing(error) || /^[./]|^\w+:/.test(specifier)) throw error
        for (const folder of [...layers, ...(isOffered ? sdkFrom : [])]) {
          try {
            const file = createRequire(`${folder}/`).resolve(specifier)
            return { url: pathToFileURL(file).href, shortCircuit: true }
          } catch {}
        }
        if (!isOffered || sdkFrom.length === 0) throw error
        const message = `Lambda has ${specifier}, this app has not: npm install --save-dev ${specifier}`
        throw Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' })
      }
    },
  })
}

/** @type {(file: string) => Promise<Readonly<Record<string, unknown>>>} */
async function importModule(file) {
  const endings = ['.js', '.mjs', '.cjs']
  const ending = endings.find((each) => existsSync(`${LAMBDA_TASK_ROOT}/${file}${each}`)) ?? '.mjs'
  try {
    const module = await import(pathToFileURL(`${LAMBDA_TASK_ROOT}/${file}${ending}`).href)
    // Not all that a CommonJS module exports can be seen before it runs.
    return ending === '.mjs' ? module : { ...Object(module.default), ...module }
  } catch (error) {
    if (!types.isNativeError(error)) throw error
    if (isMissing(error)) throw named('Runtime.ImportModuleError', String(error))
    if (error.name === 'SyntaxError') throw named('Runtime.UserCodeSyntaxError', String(error))
    throw error
  }
}

/** @returns {Promise<Handler>} */
async function loadHandler() {
  // The name of a file has no dot.
  const [, file = '', path = ''] = /^((?:.*\/)?[^/.]*)\.(.*)$/.exec(_HANDLER) ?? []
  /** @type {unknown} */
  const handler = path.split('.').reduce((found, name) => Object(found)[name], await importModule(file))
  if (typeof handler !== 'function') {
    throw named('Runtime.HandlerNotFound', `${_HANDLER} is undefined or not exported`)
  }
  if (handler.length < 3) return /** @type {Handler} */ (handler)
  if (Number(/nodejs(\d+)/.exec(AWS_EXECUTION_ENV)?.[1]) < 24) return withCallback(handler)
  throw named('Runtime.CallbackHandlerDeprecated', 'Node.js 24 takes no callback handlers: return a promise instead.')
}

/** @type {(handler: Function) => Handler} */
const withCallback = (handler) => (event, context) =>
  new Promise((resolve, reject) => {
    const returned = handler(event, context, (/** @type {unknown} */ error, /** @type {unknown} */ result) =>
      error ? reject(error) : resolve(result),
    )
    if (typeof Object(returned).then === 'function') resolve(returned)
  })

/** @param {Invocation} invocation */
function createContext({ requestId, functionArn, deadline }) {
  return {
    awsRequestId: requestId,
    invokedFunctionArn: functionArn,
    functionName: AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    memoryLimitInMB: AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  }
}

/** @param {unknown} result */
function stringify(result) {
  try {
    return JSON.stringify(result) ?? 'null'
  } catch {
    throw new Error('Unable to stringify response body')
  }
}

/** @type {(handler: Handler, line: string) => Promise<void>} */
async function run(handler, line) {
  /** @type {Invocation} */
  const invocation = JSON.parse(line)
  requestId = invocation.requestId
  const id = requestId
  try {
    answer(id, { payload: stringify(await handler(JSON.parse(invocation.payload), createContext(invocation))) })
  } catch (error) {
    answer(id, { payload: JSON.stringify(describeError(error)), functionError: 'Unhandled' })
  }
}

// The time that the function may take to load counts from here.
answer(requestId, { payload: '', running: true })

try {
  if (modules !== '') findElsewhere()
  const handler = await loadHandler()
  onLines(channel, (line) => void run(handler, line))
  answer(requestId, { payload: 'ready' })
} catch (error) {
  endWith(error)
}
