// better-auth with names and passwords, and nothing else. It is given no database but memory.
// Imported so, for bundled otherwise the adapter is used before it is there. `minimal` is its smallest form.
const { memoryAdapter } = await import('better-auth/adapters/memory')
const { betterAuth } = await import('better-auth/minimal')

export const auth = betterAuth({
  baseURL: 'https://auth.example.com',
  secret: 'a secret that is long enough for whoever asks',
  database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
})

export const handler = (event) => auth.handler(new Request(`https://auth.example.com${event.rawPath}`))
