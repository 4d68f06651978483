import { endpoint } from '../http/api/endpoint.ts'
import { handleMe } from './handler.ts'

export const handler = endpoint(handleMe)
