import { endpoint } from '../api/endpoint.ts'
import type { Pages } from './pages.ts'

/** Turns pages into a Lambda handler: a fault of ours is a page too. */
export const pageEndpoint = ({ handle, faultResponse }: Pages): ReturnType<typeof endpoint> =>
  endpoint(handle, undefined, undefined, faultResponse)
