import { describe, expect, test } from 'vitest'
import { EMBEDDED } from '../../test/support/embedded.ts'
import { AppError } from '../domain/errors.ts'
import { runChecks } from './finding.ts'
import { HOST_API } from './host-api.ts'

const config = { ...EMBEDDED, HELPDESK_URL: 'https://itsm.example.org' }
const failed = (code: string) => Object.assign(new Error('it failed'), { code })

describe('the gates of a helpdesk', () => {
  test('are all passed by whoever is asked for a session', async () => {
    const findings = await runChecks(HOST_API, { config, answer: new AppError('session-invalid') })
    expect(findings.map(({ check, status }) => [check, status])).toEqual([
      ['host reached', 'ok'],
      ['host api', 'ok'],
      ['host address', 'ok'],
      ['host app-token', 'ok'],
    ])
  })

  test('are looked at up to the one that turns us away', async () => {
    const findings = await runChecks(HOST_API, { config, answer: new AppError('helpdesk-api-off') })
    expect(findings.map(({ check, status }) => [check, status])).toEqual([
      ['host reached', 'ok'],
      ['host api', 'problem'],
    ])
  })

  test.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /NODE_EXTRA_CA_CERTS/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /NODE_EXTRA_CA_CERTS/],
    ['CERT_HAS_EXPIRED', /NODE_EXTRA_CA_CERTS/],
    ['ECONNREFUSED', /Start the web server/],
    ['ENOTFOUND', /correct HELPDESK_URL/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /write http:\/\//],
  ])('tell what to do about %s', async (code, remedy) => {
    const answer = new AppError('helpdesk-down', { cause: failed(code) })
    const [finding] = await runChecks(HOST_API, { config, answer })
    expect(finding).toMatchObject({
      status: 'problem',
      what: expect.stringContaining(`(${code})`),
      remedy: expect.stringMatching(remedy),
    })
  })

  test.each([
    ['Il n’y a pas de client API actif (192.0.2.7)', '192.0.2.7'],
    ['There is no active API client (2001:db8::7)', '2001:db8::7'],
  ])('tell the address as the helpdesk sees it: %s', async (message, address) => {
    const answer = new AppError('helpdesk-address-refused', { cause: new Error(message) })
    const findings = await runChecks(HOST_API, { config, answer })
    expect(findings.at(-1)).toMatchObject({
      check: 'host address',
      what: expect.stringContaining(`as ${address},`),
      remedy: expect.stringContaining(address),
    })
  })
})
