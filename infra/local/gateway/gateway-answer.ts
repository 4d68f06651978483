/** An HTTP answer; a header may come more than once. */
export type Answer = {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

/** One of API Gateway's own answers. */
export const message = (status: number, text: string): Answer => json(status, JSON.stringify({ message: text }))

export const json = (status: number, body: string): Answer => ({
  status,
  headers: [['content-type', 'application/json']],
  body: Buffer.from(body),
})

export const internalServerError = () => message(500, 'Internal Server Error')
