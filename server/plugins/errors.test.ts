import Fastify from 'fastify'
import { describe, expect, test } from 'vitest'
import { AppError, ERRORS, type ErrorCode } from '../domain/errors.ts'
import { answerLegacyErrors, answerProblems, toAppError } from './errors.ts'

const fastifyError = (code: string, statusCode?: number) =>
  Object.assign(new Error('the framework says'), { code, statusCode })

describe('a failure becomes an error of the table:', () => {
  test.each<[string, unknown, ErrorCode]>([
    ['an undecodable address', fastifyError('FST_ERR_BAD_URL', 400), 'identifier-malformed'],
    ['a body without end', fastifyError('FST_ERR_CTP_BODY_TOO_LARGE', 413), 'body-too-large'],
    ['a body of another type', fastifyError('FST_ERR_CTP_INVALID_MEDIA_TYPE', 415), 'media-type-unsupported'],
    ['too much to do', fastifyError('FST_UNDER_PRESSURE', 503), 'overloaded'],
    ['broken JSON', fastifyError('FST_ERR_CTP_INVALID_JSON_BODY', 400), 'request-malformed'],
    ['another fault of the framework', fastifyError('FST_ERR_WHATEVER', 500), 'internal-error'],
    ['a fault of the system', fastifyError('ENOENT'), 'internal-error'],
    ['a defect', new TypeError('undefined is not a function'), 'internal-error'],
    ['what is no error at all', 'text', 'internal-error'],
    ['one of the table', new AppError('conflict'), 'conflict'],
  ])('%s', (_, thrown, code) => {
    expect(toAppError(thrown).code).toBe(code)
  })

  test('with a time to come back when it is too much', () => {
    expect(toAppError(fastifyError('FST_UNDER_PRESSURE', 503)).retryAfter).toBeGreaterThan(0)
  })
})

describe.each([
  ['api/v1', answerProblems],
  ['api.php', answerLegacyErrors],
] as const)('under %s', (scope, handler) => {
  test.each(Object.keys(ERRORS) as ErrorCode[])(
    '%s is answered with its status and its words',
    async (code) => {
      const app = Fastify()
      app.setErrorHandler(handler)
      app.get('/', () => {
        throw new AppError(code, {
          detail: 'because',
          field: 'name',
          retryAfter: 0.2,
          cause: new Error('hidden-cause'),
        })
      })
      const answer = await app.inject('/')
      const { status, title, remedy } = ERRORS[code]
      expect(answer.statusCode).toBe(status)
      expect(answer.headers['retry-after']).toBe('1')
      if (scope === 'api.php') expect(answer.json()).toEqual({ error: `${title}: because` })
      else {
        const requestId = expect.any(String)
        expect(answer.json()).toEqual({
          type: `/problems/${code}`,
          title,
          status,
          detail: 'because',
          field: 'name',
          remedy,
          requestId,
        })
      }
      expect(answer.body).not.toContain('hidden-cause')
    },
  )

  test('a defect tells nothing of itself', async () => {
    const app = Fastify()
    app.setErrorHandler(handler)
    app.get('/', () => {
      throw new Error('password of the database: hunter22')
    })
    const answer = await app.inject('/')
    expect(answer.statusCode).toBe(500)
    expect(answer.body).not.toContain('hunter22')
  })
})
