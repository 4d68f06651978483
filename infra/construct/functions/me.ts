import { defineFunction } from '../function-spec.ts'

export const spec = defineFunction<never>({
  name: 'me',
  description: 'GET /me: the caller, the example of a protected function',
  owner: 'example',
  timeout: 5,
  environment: () => ({}),
  routes: [{ method: 'GET', path: '/me' }],
})
