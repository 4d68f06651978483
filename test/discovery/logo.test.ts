import { expect, test } from '@jest/globals'
import { createLogoHandler } from '../../functions/discovery/logo.ts'
import { endpoint } from '../../functions/http/api/endpoint.ts'
import { context, httpEvent } from '../support/builders/events.ts'

// REQ-186
test('the logo is a picture to be kept for an hour, and where it is opened by itself it runs and loads nothing', async () => {
  const handle = endpoint(createLogoHandler({ base64: 'PHN2Zy8+', type: 'image/svg+xml' }), () => undefined)
  const { statusCode, headers, body } = await handle(httpEvent('GET /logo'), context)

  expect([statusCode, body]).toEqual([200, 'PHN2Zy8+'])
  expect(headers).toEqual({
    'content-type': 'image/svg+xml',
    'cache-control': 'public, max-age=3600',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'strict-transport-security': 'max-age=63072000; includeSubDomains',
  })
})
