// An OpenAuth issuer with names and passwords, for Lambda, as its documentation has it. Its storage is given.
import { issuer } from '@openauthjs/openauth'
import { PasswordProvider } from '@openauthjs/openauth/provider/password'
import { createSubjects } from '@openauthjs/openauth/subject'
import { handle } from 'hono/aws-lambda'
import { object, string } from 'valibot'

export const subjects = createSubjects({ user: object({ id: string() }) })

export const createIssuer = (storage) =>
  issuer({
    subjects,
    storage,
    providers: {
      password: PasswordProvider({
        login: async () => new Response('log in'),
        register: async () => new Response('register'),
        change: async () => new Response('change'),
        sendCode: async () => undefined,
      }),
    },
    allow: async () => true,
    success: async (ctx, { email }) => ctx.subject('user', { id: email }),
  })

export { handle }
