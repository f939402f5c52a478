import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { AppError, type ErrorCode } from '../../domain/errors.ts'
import { readAnswer } from './host-answer.ts'

interface Exchange {
  title: string
  answer: { status: number; headers: string[]; body: string }
}

const RECORDED: Exchange[] = JSON.parse(
  readFileSync(new URL('../../../test/recorded/host-rest.json', import.meta.url), 'utf8'),
)

function recorded(title: string) {
  const exchange = RECORDED.find((one) => one.title === title)
  if (exchange === undefined) throw new Error(`nothing recorded as ${title}`)
  const { status, headers, body } = exchange.answer
  const contentType = headers.find((header) => header.startsWith('Content-Type: ')) ?? ''
  return { status, contentType: contentType.slice('Content-Type: '.length), text: body }
}

function failureOf(answer: Parameters<typeof readAnswer>[0]): AppError {
  try {
    readAnswer(answer)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('it was taken as well')
}

const json = (status: number, body: unknown) => ({
  status,
  contentType: 'application/json; charset=UTF-8',
  text: JSON.stringify(body),
})

describe('what a real ITSM-NG 1.4.0 answers', () => {
  test.each<[title: string, code: ErrorCode]>([
    ['getFullSession bad token', 'session-invalid'],
    ['getFullSession no token', 'session-invalid'],
    ['API disabled: getFullSession', 'helpdesk-api-off'],
    ['no API client: getFullSession', 'helpdesk-address-refused'],
    ['App-Token required: getFullSession without', 'helpdesk-app-token'],
    ['App-Token required: initSession wrong', 'helpdesk-app-token'],
    ['Site A technician: GET /apirest.php/User/9 (core)', 'right-missing'],
    ['changeActiveProfile to unknown', 'host-item-unknown'],
    ['unknown resource', 'helpdesk-ill'],
    ['core: GET /PluginCallmanager... itemtype', 'helpdesk-ill'],
  ])('%s: %s', (title, code) => {
    expect(failureOf(recorded(title)).code).toBe(code)
  })

  test.each(['getFullSession', 'core: POST Ticket', 'getMyProfiles'])('%s is read', (title) => {
    expect(readAnswer(recorded(title))).toEqual(JSON.parse(recorded(title).text))
  })

  test('keeps what it says of our address for the log', () => {
    const error = failureOf(recorded('no API client: getFullSession'))
    expect(error.message).not.toContain('127.0.0.1')
    expect(String(error.cause)).toContain('127.0.0.1')
  })
})

describe('what else may come', () => {
  const page = { status: 200, contentType: 'text/html; charset=UTF-8', text: '<!DOCTYPE html><p>Maintenance' }
  test.each<[what: string, answer: Parameters<typeof readAnswer>[0], code: ErrorCode]>([
    ['a page with 200', page, 'helpdesk-maintenance'],
    ['a page with 500', { ...page, status: 500 }, 'helpdesk-ill'],
    ['a page with 404', { ...page, status: 404 }, 'helpdesk-ill'],
    ["a proxy's page with 502", { ...page, status: 502 }, 'helpdesk-ill'],
    ['an empty answer', { status: 200, contentType: 'text/html', text: '' }, 'helpdesk-ill'],
    [
      'JSON that is cut off',
      { status: 200, contentType: 'application/json', text: '{"session":{"glp' },
      'helpdesk-ill',
    ],
    ['a redirection', { status: 302, contentType: 'text/html', text: '' }, 'helpdesk-ill'],
    ['an SQL error', json(500, ['ERROR_SQL', 'query failed']), 'helpdesk-ill'],
    ['an error without a code', json(400, { error: 'no' }), 'helpdesk-ill'],
    ['a code that we do not know', json(400, ['ERROR_NEW', 'new']), 'helpdesk-ill'],
    ['a part that was done', json(207, [{ 6: false, message: '' }]), 'helpdesk-ill'],
  ])('%s is %s', (_what, answer, code) => {
    expect(failureOf(answer).code).toBe(code)
  })

  test('what is no JSON stays out of the log: it may be half a session', () => {
    const text = 'secret-token'
    const { cause } = failureOf({ status: 200, contentType: 'application/json', text })
    expect(String(cause)).not.toContain('secret')
  })

  test('what stands in place of a code is not repeated', () => {
    const error = failureOf(json(400, ['my address is 10.1.2.3', 'no']))
    expect(error.detail).toBe('it answers 400')
  })

  test('a message without end is cut, and read in no time', () => {
    const began = performance.now()
    const { detail = '' } = failureOf(json(400, ['ERROR_GLPI_ADD', '<'.repeat(200_000)]))
    expect(performance.now() - began).toBeLessThan(1000)
    expect(detail.length).toBeLessThan(1100)
  })

  test('a refused write says why in the words of the host, as plain text', () => {
    const refused = json(400, ['ERROR_GLPI_ADD', [{ id: false, message: 'The <b>login</b> exists' }]])
    expect(failureOf(refused)).toMatchObject({
      code: 'value-refused',
      detail: 'the helpdesk says: The login exists',
    })
    const silent = json(400, ['ERROR_GLPI_UPDATE', [{ 6: false, message: '' }]])
    expect(failureOf(silent).detail).toBe('the helpdesk refuses it without a reason')
  })
})
