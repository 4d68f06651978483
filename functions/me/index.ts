import { endpoint } from '../http/endpoint.ts'
import { handleMe } from './handler.ts'

export const handler = endpoint(handleMe)
