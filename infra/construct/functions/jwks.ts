import { defineFunction } from '../function-spec.ts'

export const spec = defineFunction<never>({
  name: 'jwks',
  description: 'Reads the public halves of the signing keys when the stack is deployed',
  owner: 'keys',
  timeout: 30,
  environment: () => ({}),
})
